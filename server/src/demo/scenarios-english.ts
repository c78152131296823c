import type { Scenario } from './scenario.js';

/** Dialogues of a food bank in English. `them:` is the visitor, `us:` an agent, `note:` a private note. */
export const ENGLISH: Scenario[] = [
  { labels: ['food-parcel'], lines: [
    'them: Hello, I lost my job two weeks ago and we are running short. How do I get a food parcel?',
    'us: Hello {first}, thank you for writing, and I am sorry to hear that. You can come to the hall at {street} on {day} between 10 and 14. No papers needed the first time.',
    'them: That is a relief. There are {n} of us, two are small children.',
    'us: Then we will pack for {n} and add baby food. Is there anything somebody cannot eat?',
    'them: No pork please, and my son cannot have nuts.',
    'note: Family of {n}, no pork, nut allergy. Put on the {day} list.',
    'us: Noted. See you on **{day}**, just give your first name at the door.',
    'them: Thank you so much' ] },
  { labels: ['delivery'], lines: [
    'them: Do you deliver? My mother is 84 and cannot carry anything up the stairs.',
    'us: Yes, every {day} afternoon. Which street is she in?',
    'them: {street}, third floor, no lift.',
    'us: We have a driver there. May we ring her beforehand, and does she hear well on the phone?',
    'them: Better ring me, she often does not pick up.',
    'note: Driver please call the daughter first. Third floor.',
    'us: We will do that. First delivery is this {day} between 14 and 17.' ] },
  { labels: ['volunteering'], lines: [
    'them: Hi! I have {day} mornings free and would like to help. What do you need?',
    'us: Hi {first}, wonderful. We need sorters in the morning and drivers in the afternoon. Sorting is heavy but cheerful.',
    'them: Sorting sounds good. I can lift.',
    'us: Great. Come by at 8:30 on {day}, ask for Maya. Bring closed shoes, we have gloves.',
    'them: Will do!' ] },
  { labels: ['donation'], lines: [
    'them: Our office collected {n} boxes of tinned food. Where can we bring them?',
    'us: That is fantastic. The warehouse at {street} takes deliveries Monday to Friday 8 to 12. Is it more than a car full?',
    'them: Probably a small van.',
    'us: Then please use the ramp on the left side and ring the bell. Shall we send a receipt?',
    'them: Yes please, to this address.',
    'note: Receipt requested, ask accounting.' ] },
  { labels: ['donation', 'receipt'], lines: [
    'them: I gave 50 by bank transfer in spring and have not had a receipt yet.',
    'us: Sorry about that, {first}. Could you tell me the date of the transfer?',
    'them: It was on the 14th, from my wife\'s account.',
    'us: Found it. The receipt goes out today by post.',
    'them: Perfect, thank you' ] },
  { labels: ['opening-hours'], lines: [
    'them: Are you open on {day}?',
    'us: Yes, 10 to 14 at {street}. The evening hours are on Thursdays from 17 to 19.' ] },
  { labels: ['urgent', 'food-parcel'], priority: 4, lines: [
    'them: We have nothing left for today and the next opening is on {day}. Is there anything we can do?',
    'us: Yes. Please come to the back door at {street} before 18 today, there is an emergency bag with your name on it.',
    'note: Emergency bag packed, shelf B. Please check whether a regular parcel is needed too.',
    'them: I will be there at five. I do not know what to say.',
    'us: Nothing to say. We are glad you wrote.' ] },
  { labels: ['school'], lines: [
    'them: Good morning, I am a teacher at the primary school. Some of our pupils come without breakfast. Could we work together?',
    'us: Good morning {first}, we would love to. About how many children are we talking about?',
    'them: About {n} each day.',
    'note: Ask Samuel about the bread from the bakery on {street}.',
    'us: We could bring bread, fruit and milk three times a week. May our coordinator ring you on {day}?',
    'them: Yes, after 13:00 please.' ] },
  { labels: ['diet'], lines: [
    'them: Is there gluten free food in the parcels? My daughter has coeliac disease.',
    'us: There is a small shelf. If you tell us a day before, we keep it for you.',
    'them: We come on {day}.',
    'us: Then it will be there every {day}, under the name {first}.' ] },
  { labels: ['complaint'], priority: 3, lines: [
    'them: I waited for more than an hour on {day} and then was told there was no bread left. That was not nice.',
    'us: I am sorry, {first}. That should not happen. We ran out early and did not tell the queue.',
    'note: Third complaint about {day}. Bring up in the team meeting.',
    'us: From next week there are numbers at the door, and we keep bread back for the last hour. May I put a bag aside for you this time?',
    'them: That would be kind. Thanks for answering like a human.' ] },
  { labels: ['volunteering'], lines: [
    'them: I cannot come to my shift on {day}, my child is ill.',
    'us: Get well soon to the little one! I found somebody for you.',
    'them: You are the best' ] },
  { labels: ['food-parcel'], lines: [
    'them: I moved and the new flat is in {street}. Do I still belong to your hall?',
    'us: Yes, that is our area. Shall I change the address on your card?',
    'them: Yes please',
    'us: Done. The next parcel day for you is {day}.' ] },
  { labels: ['partners'], lines: [
    'them: This is the bakery on {street}. We have bread left every evening at 18:30. Could someone pick it up?',
    'us: Thank you! How much is it roughly?',
    'them: Between {n} and twenty loaves.',
    'us: A driver will come from {day} on. Is there parking?',
    'them: In the yard, the gate is open.' ] },
  { labels: ['opening-hours'], lines: [
    'them: is there parking for a wheelchair van',
    'us: Yes, one place right beside the ramp at {street}. If it is taken, ring the bell and we bring the bag to the van.' ] },
  { labels: ['photo'], attachment: 'photo', lines: [
    'them: I think something in my parcel had gone off, here is a picture.',
    'us: Thank you for telling us, please do not eat it. What was the number on the label?',
    'them: It says {n}-117.',
    'note: Batch {n}-117 pulled from the shelf.',
    'us: We have taken the whole batch out. Come by on {day}, we will replace it.' ] },
  { labels: ['donation'], attachment: 'list', lines: [
    'them: What do you need most at the moment? Is there a list?',
    'us: Here it is, updated this week. Oil and coffee are always welcome.',
    'them: Great, we will shop on {day}.' ] },
];
