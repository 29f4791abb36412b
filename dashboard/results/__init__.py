"""What is shown below the answers: table, repeats, timeline, agreement, cost against time and so on."""
