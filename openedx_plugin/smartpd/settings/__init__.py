"""Settings as the platform's plugin manager wants them: one module for each kind of environment."""
