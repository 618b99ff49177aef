"""What a chart says (`spec`), and its two renderers: `svg` on the server, `plotly` for zooming."""
