"""DataCite metadata: attributes as the REST API writes them, DataCite XML, the rules of kernel 4.7."""
