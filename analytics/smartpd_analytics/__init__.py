"""The science of openedx-smartpd: plain Python that knows neither Django nor XBlock."""
