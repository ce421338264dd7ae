"""The hand-written layer between the domain and the contract: parameters to records, results to models and errors."""
