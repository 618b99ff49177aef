"""How a chart reaches a page: its drawing, Plotly's figure that takes its place in the browser, and its table.

Uses charts. It must never know what a chart is about.
"""
