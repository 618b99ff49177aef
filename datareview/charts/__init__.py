"""Chart specifications (`spec`) and their drawing as SVG on the server (`svg`)."""
