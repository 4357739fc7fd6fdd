"""The blocks: what course teams drop into Studio and learners use in the LMS."""
