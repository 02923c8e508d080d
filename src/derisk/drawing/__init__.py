"""Drawing: SVG canvas, scales, text widths and colours, for the brief and for pictures of the dataset."""
