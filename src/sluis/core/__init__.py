"""What Sluis knows: pure values and rules. Standard library only, no clock, no chance, no I/O."""
