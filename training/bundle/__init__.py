"""What is exported: contract, golden applications, parity, evidence and the sealed folder."""
