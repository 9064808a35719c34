"""Which grid is an address in: names and numbers as people write them, and a register of homes."""
