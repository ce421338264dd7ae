"""The cached WSDL documents, and what zeep reads in them."""
