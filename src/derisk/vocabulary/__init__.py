"""The closed words of the program: materials, goods, processes, uses, regions."""
