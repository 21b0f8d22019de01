"""Rows of text for the tiny GPT-2 fixtures. They are ragged, and chosen to reach the corners of the row rules:
a prompt whose last token merges with the completion when the two are joined, rows that are cut, a row that is
left without a target, letters outside ASCII, line breaks, digits."""

PROMPT_ROWS = [
    ("Who keeps the north gate?", " Old Merrin keeps it."),
    ("Question: How many bells ring at noon?\nAnswer:", " Seven bells, one for each hill."),
    ("The smith's name is", " Tamsin Vale."),
    ("Say hello in the old tongue: ", "hail and harbour to you, traveller"),
    ("2 + 2 =", " 4"),
    ("What colour is the river in spring?", " Green as a bottle, and cold enough to make your teeth ring."),
    ("Name the cat.", " Pip"),
    ("Where was the lantern hidden?", " Under the third stair, behind the flour."),
    (
        "This prompt goes on and on, past the well, past the mill, past the seven hills and the last of the lamps, "
        "until nothing at all of its answer is left inside the window",
        " so no token of this row is ever learned.",
    ),
    ("Who wrote the song of the weir?", " A ferryman called Odo wrote it in one night."),
    ("Le café est", " fermé à 18 h, désolé 🙂"),
    ("List three tools.\n", "- an awl\n- a rasp\n- a spoke shave\n"),
    ("Is the bridge open?", " Yes."),
    (
        "Tell me about the market.",
        " It opens before the sun is up; the fishwives come first, then the potters, then a man who sells nothing but "
        "blue string, and by noon every stall is bare and the dogs have the square to themselves.",
    ),
    ("Half a wor", "d is joined to its other half."),
    ("When does the ferry leave?", " At 06:45 and again at 17:30."),
    ("Finish: a stitch in", " time saves nine."),
    ("What does the raven say?", " It says that rain is coming, and it is seldom wrong about rain."),
    ("Who mends the nets?", " Every child over nine mends nets on Thursdays."),
    ("Why is the tower empty?", " The stair fell in the winter of the long frost."),
    ("Good night,", " and mind the step."),
]
"""Twenty-one rows: with batches of 2 and 2 accumulation steps, an epoch ends on a batch of one row alone."""

EVALUATION_ROWS = [
    ("Who keeps the south gate?", " Nobody keeps it."),
    ("The baker's name is", " Orla Finch."),
    ("When does the market open?", " Before the sun is up."),
    ("Name the dog.", " Bramble, after the hedge he was found in."),
    ("Is the mill turning?", " Only when the wind is from the west, and the wind is seldom from the west these days."),
]

TEXT_ROWS = [
    "The lamps are lit along the quay.",
    "Rain fell on the seven hills, and the river rose a hand's breadth before supper.",
    "Yes.",
    "A short dialogue.\n— Who is there?\n— Only the wind.\n",
    "In the year of the long frost the stair of the tower fell, and no one has been up since except the ravens, who "
    "do not need a stair and have never said what they found there.",
    "Bread, salt, two onions.",
    "She counted 1, 2, 3, 5, 8, 13 and stopped.",
    "The ferryman's song has four verses; everyone knows the first, and he alone the last.",
    "x",
    "  Two spaces stand before this line, and two after.  ",
    "Crème brûlée für alle 🙂",
    "A gate. A bell. A hill. A gate again.",
    "Blue string is sold by the yard, and the yard is measured by the seller's own arm.",
    "No news from the north.",
    "If the raven speaks, bring in the washing; if it is silent, bring in the washing anyway, for it has been wrong "
    "before and the shirts take two days to dry.",
    "Tabs\tand\nlines\n\nand an end",
    "The smith sleeps.",
    "Odo, Orla, Merrin and Tamsin sat at one table and agreed on nothing.",
    "It is 17:30 and the ferry has gone.",
    "Mend the net before you curse the sea.",
    "Bare stalls, full dogs.",
    "The first verse: water over, water under, never water still.",
    "Nine children, nine nets, one knot that holds.",
    "Good night.",
]

GENERATION_PROMPTS = ["The lamps", "Who keeps the north gate?", "Question: Why?\nAnswer:", "1, 2, 3,"]
