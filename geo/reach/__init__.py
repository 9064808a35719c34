"""How far is it from each household to each center? One sparse structure, several distances."""
