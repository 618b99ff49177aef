"""Chart specifications (`spec`) and their two renderers: `svg` on the server, `plotly` for zooming."""
