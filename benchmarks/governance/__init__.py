"""What a second opinion costs and takes: a card beside the trees, a replay, a shadow, the lender's rules."""
