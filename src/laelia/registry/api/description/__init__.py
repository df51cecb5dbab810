"""What the API says of itself: OpenAPI, XML Schemas, and a page to read and try it on."""
