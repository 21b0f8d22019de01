// Plots: lists of lines in the scribe's language. Tagged slots tie the lines of a story together.

export const plots: readonly (readonly string[])[] = [
  [
    '[{moment}, |]{name#1} lost {his#1} {thing#1}.', '{he#1} looked [{spot}|in the {place}], but it was not there.', '{he#1} asked {his#1} {kin#1} for help.',
    '"Where did you see it last?" asked the {kin#1}.', '"I had it in the {place#1}," said {name#1}.', 'They went to the {place#1} together.',
    'There, {spot}, lay the {thing#1}.', '{name#1} was so {feeling} that {he#1} [danced|laughed|sang|jumped].',
  ],
  [
    'There was once a {temper} {trade#1} called {name#1}.', '{he#1} lived [in|near|behind] a {quality} {place} with a {temper} {animal#1}.',
    'Every {day} {he#1} {did#1}.', '{moment}, the {animal#1} ran away.', '{name#1} searched in the {place}, in the {place} and {spot}.',
    'At last {he#1} heard {sound}.', 'The {animal#1} was sitting {spot}, and it was {feeling}.', 'From that day on, the {trade#1} never left the door open.',
  ],
  [
    '{name#1} wanted to bake a {food#1} for {his#1} {kin#1}.', 'First {he#1} took [flour|butter|sugar|eggs] and {foodmass}.', 'Then {he#1} {did#1}.',
    'But {he#1} forgot the {foodmass#1}.', '"This tastes strange," said the {kin#1}, "but I like it."', 'They ate it all and drank {drink}.', 'Next time, {name#1} remembered the {foodmass#1}.',
  ],
  [
    '{name#1} and {name#2} were [good friends|neighbours|old friends|brother and sister].', '{name#1} had a {thing#1}, and {name#2} had a {thing#2}.',
    '{name#1} liked the {thing#2} better than the {thing#1}.', '"Shall we change?" asked {name#2}.', '"Yes, gladly," said {name#1}.',
    'So {name#1} took the {thing#2}, and {name#2} took the {thing#1}.', 'In the evening both of them were {feeling}.',
  ],
  [
    '{weathersentence} when {name#1} came to the {place#1}.', '{he#1} had walked for {number} [days|hours] and was [tired|hungry|wet|cold].',
    'A {temper} {trade#1} opened the door.', '"Come in," said the {trade#1}. "There is {foodmass} and {drink} on the table."', '{name#1} ate, and then {he#1} told a story about {subject}.',
    'In the morning {he#1} gave the {trade#1} a {thing#1}.', '"Thank you," said the {trade#1}. "I will keep the {thing#1} for ever."',
  ],
  [
    '{name#1} was a {trade#1} who wanted to [be rich|travel|sing|see the sea|learn everything|fly|sleep].', 'One night {he#1} dreamed of a {thing#1}.',
    'The {thing#1} lay {spot#1}.', 'When {he#1} woke up, {he#1} took a spade and went to look.', 'But {spot#1} there was only a {quality} {tool#1}.',
    '{he#1} took the {tool#1} home and worked with it {time}.', 'After {number} years {he#1} was the best {trade#1} in the [valley|town|country].',
  ],
  [
    'The {animal#1} and the {animal#2} lived in the same {place#1}.', 'The {animal#1} was {temper#1}, but the {animal#2} was {temper#2}.', '{moment}, they saw a {food#1} {spot}.',
    '"It is mine, because I saw it first," said the {animal#1}.', '"It is mine, because I am {comparable}," said the {animal#2}.', 'While they were talking, a {animal#3} came and ate it.',
    'Then both of them were hungry and {feeling}.', '[Moral: |So |]it is better to share than to [argue|fight|shout].',
  ],
  [
    '{name#1} had to cross the {place#1} before {day#1}.', 'The {vehicle#1} was {quality}, and the road was long.', 'Near the {place#2} one wheel broke.',
    'A {temper} {trade#1} stopped and helped {him#1}.', 'Together they mended the {vehicle#1} with a {tool#1} and some rope.', '{name#1} reached the {place#1} on {day#1}, just before [dark|noon|midnight|dinner].',
    '{he#1} never forgot the {trade#1} with the {tool#1}.',
  ],
  [
    'In the town of {town#1} there was a {quality} bell.', 'Nobody knew who had made it.', 'When danger came, {name#1} the {trade#1} rang it {number#1} times.', '{moment}, {weather} came over {town#1}.',
    '{name#1} ran to the tower and rang the bell.', '{crowd} heard it and ran to the {place}.', 'All of them were saved.', 'To this day the people of {town#1} ring the bell {number#1} times every {day}.',
  ],
  [
    '{name#1} started school on {day}.', '{he#1} was {feeling}, because {he#1} did not know anybody.', 'The teacher was called {name#2}, and {he#2} taught {schoolsubject#1}.', 'At noon a [girl|boy] sat down beside {him#1}.',
    '"Do you like {game#1}?" asked the child.', '"Yes, I play {game#1} with my {kin}," said {name#1}.', 'After school the two of them played {game#1} until it was dark.', 'Now {name#1} likes school very much, and {schoolsubject#1} too.',
  ],
  [
    '{name#1} bought a {thing#1} at the market for {number#1} coins.', 'At home {he#1} found a {quality} key inside it.', '"What does it open?" {he#1} wondered.', '{he#1} tried every door in the {place#1}.',
    'It did not open the door of the {place}.', 'It did not open the box {spot}.', 'At last it opened a small cupboard {spot}, and in it was [a letter|a map|a ring|a photograph|a song].', '{name#1} keeps the {thing#1} to this day.',
  ],
  [
    'The {season#1} was hard in {town#1}.', 'There was no {foodmass#1} left, and {crowd} were hungry.', 'Then {name#1} the {trade#1} had an idea.', '"If each of us gives a little," said {name#1}, "there will be enough for all."',
    'One brought {foodmass}, another brought {foodmass}, and {name#2} brought a {food}.', 'They cooked it in a great pot in the {place#1}.', 'In {town#1} they still remember that {season#1}.',
  ],
  [
    'My {kin#1} has a {temper} {animal#1} called {name#3}.', 'It is {colour}, and it sleeps {spot}.', 'When my {kin#1} plays the {instrument#1}, the {animal#1} [sings|hides|dances|wakes up].',
    'Once it stole a {food#1} from the table.', 'My {kin#1} was not angry.', '"It was hungry," my {kin#1} said, "and so am I."', 'Then we all had [soup|bread|cake|tea] together.',
  ],
  [
    '{name#1} promised to [water|watch|paint|sell] the {plant#1.s} while {name#2} was away.', 'On {day#1} {he#1} did it {manner}.', 'On {day#2} {he#1} forgot.', 'When {name#2} came back, {he#2} looked at the {plant#1.s} and sighed.',
    '"I am sorry," said {name#1}. "I {did#i} instead."', '"Then help me now," said {name#2}.', 'They worked in the garden until sunset, and {name#1} learned a lot about {subject}.',
  ],
  [
    'Captain {name#1} sailed from {town#1} to {town#2} with {count#1} barrels of {foodmass#1}.', 'On the [second|third|fifth|sixth|tenth] day a storm broke the mast.', 'The sailors were afraid, but {name#1} was calm.',
    '"Bring me the {tool#1} and the {belonging#1}," {he#1} said.', 'They worked all night.', 'At dawn they saw the lights of {town#2}.', 'Not one barrel was lost, and the {foodmass#1} was sold in a day.',
  ],
  [
    'Every evening {name#1} told {his#1} {kin#1} a story.', 'Last night it was about a {animal#1} who wanted to be a {trade#1}.', 'The {animal#1} learned to use a {tool#1} and to wear a {clothing}.', 'But nobody would pay a {animal#1}.',
    'So it worked for {foodmass} and was {feeling}.', '"Is that true?" asked the {kin#1}.', '"Of course," said {name#1}. "I knew that {animal#1} well."',
  ],
]
