"""From a planner's file to checked rows: nothing is stored here, every fault has its row."""
