"""What pages show of a record: plain values for the templates, made from the model."""
