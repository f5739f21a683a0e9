"""Work of the real size: this build beside an earlier one, cost by size, and what asking for fewer inputs gives up."""
