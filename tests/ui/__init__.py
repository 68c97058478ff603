"""The front end in a real browser, on a real JupyterLab."""
