"""Finding people. Pages ask `people.find`; what stands behind it is this folder's own business."""
