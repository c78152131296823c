import type { Action } from '../automation/actions/action.dto.js';
import type { RuleEvent } from '../automation/rules/rule.dto.js';
import type { Condition } from '../platform/filters/filter.dto.js';

/** The example food bank's teams; members are places in its list of people. */
export const TEAMS = [
  { name: 'drivers', description: 'Everything that has to be carried somewhere', members: [0, 3] },
  { name: 'front desk', description: 'Answers first, every day from 8 to 18', members: [1, 2, 4] },
] as const;

export const REPLIES = [
  { short_code: 'hours', content: 'We are open Monday to Friday from 10 to 14, and on Saturday from 9 to 12. No appointment needed.' },
  { short_code: 'first', content: 'Hello {{contact.first_name}}, the first time you need no papers at all. Just come to the hall and say your first name at the door.' },
  { short_code: 'deliver', content: 'We can bring it to you. Please tell us the street, the floor, and when somebody is at home.' },
  { short_code: 'receipt', content: 'Thank you for your gift. The receipt goes out by post within two weeks; tell us if you would rather have it by e-mail.' },
  { short_code: 'shift', content: 'We need sorters in the morning (from 8:30) and drivers in the afternoon (from 13:30). Which suits you, {{contact.first_name}}?' },
] as const;

const act = (action_name: Action['action_name'], ...action_params: Action['action_params']): Action => ({ action_name, action_params });

/** Macros all may run; what a rule or macro names by number is looked up by its title when it is made. */
export const macros = (team: Record<string, number>): { name: string; actions: Action[] }[] => [
  { name: 'Thank and resolve', actions: [act('send_message', 'Thank you, {{contact.first_name}}. Write again whenever you need us.'), act('resolve_conversation')] },
  { name: 'Over to the drivers', actions: [act('add_label', 'delivery'), act('assign_team', team['drivers']!), act('add_private_note', 'Please ring before you drive.')] },
];

export const rules = (team: Record<string, number>): { name: string; description: string; event_name: RuleEvent; active: boolean; conditions: Condition[]; actions: Action[] }[] => [
  {
    name: 'What has to be brought goes to the drivers', description: 'Whoever writes of delivery in the first words', event_name: 'message_created', active: true,
    conditions: [{ attribute_key: 'content', filter_operator: 'contains', values: ['deliver'], query_operator: 'and' }, { attribute_key: 'message_type', filter_operator: 'equal_to', values: ['incoming'], query_operator: null }],
    actions: [act('add_label', 'delivery'), act('assign_team', team['drivers']!)],
  },
  {
    name: 'Nothing to eat today', description: 'Seen at once, whoever is there', event_name: 'message_created', active: true,
    conditions: [{ attribute_key: 'content', filter_operator: 'contains', values: ['nothing left'], query_operator: 'or' }, { attribute_key: 'content', filter_operator: 'contains', values: ['hungry'], query_operator: null }],
    actions: [act('change_priority', 'urgent'), act('add_label', 'urgent')],
  },
];

/** `model` and `display_type` as stored: their places in the lists of attribute-types.ts. */
export const ATTRIBUTES = [
  { model: 1, display_type: 1, key: 'household_size', display_name: 'People in the household', description: 'Decides how large a parcel is', choices: [] },
  { model: 1, display_type: 5, key: 'member_since', display_name: 'Member since', description: null, choices: [] },
  { model: 0, display_type: 6, key: 'parcel', display_name: 'Parcel', description: 'What is packed', choices: ['Single', 'Family', 'Large family'] },
];

/** Which parcel a household gets. */
export const parcelFor = (household: number): string => (household >= 6 ? 'Large family' : household >= 3 ? 'Family' : 'Single');

const where = (attribute_key: string, values: (string | number)[], query_operator: 'and' | null = null): Condition => ({ attribute_key, filter_operator: 'equal_to', values, query_operator });
/** Everybody's saved filters; `type` as stored: 0 conversations, 1 contacts. */
export const FILTERS: { name: string; type: 0 | 1; payload: Condition[] }[] = [
  { name: 'Parcels to hand out', type: 0, payload: [where('status', ['open'], 'and'), where('labels', ['food-parcel'])] },
  { name: 'Large families', type: 0, payload: [where('parcel', ['Large family'])] },
  { name: 'Households of six and more', type: 1, payload: [{ attribute_key: 'household_size', filter_operator: 'is_greater_than', values: ['5'], query_operator: null }] },
];

export const HELP = {
  portal: { slug: 'harbour-food-bank', name: 'Harbour Food Bank', color: '#b45309', header_text: 'What would you like to know?' },
  categories: [
    { slug: 'getting-food', name: 'Getting food', icon: '🍞', articles: [
      { title: 'How do I get a food parcel?', content: 'Come to the hall at Orchard Way 47, Monday to Friday from 10 to 14.\n\n- **The first time** you need no papers.\n- **After that** please bring a letter with your name and street.\n\nThere is always somebody who speaks English, Spanish or Arabic.' },
      { title: 'Can you bring it to me?', content: 'Yes, if you cannot carry it. Write to us and tell us the street, the floor, and when somebody is at home. Drivers come **in the afternoon**, and ring before they do.' },
      { title: 'I cannot eat everything', content: 'Tell us what you leave out: pork, nuts, milk, gluten. We pack halal and vegetarian parcels every day.' },
    ] },
    { slug: 'helping', name: 'Helping', icon: '🤝', articles: [
      { title: 'What do you need most?', content: 'Oil, coffee, tinned fish, long-life milk, nappies of size 4. Please nothing that is open or past its date.' },
      { title: 'I would like to volunteer', content: '| When | What |\n| --- | --- |\n| 8:30 to 12 | sorting, in closed shoes |\n| 13:30 to 17 | driving, with our van |\n\nWrite to us, and come by once to look.' },
    ] },
  ],
};

const OPINIONS = ['Quick and kind, thank you', 'I did not have to explain everything twice', 'It took a while until somebody answered', 'The driver was lovely', 'Muchas gracias por todo'];

/** What the contact of the nth conversation said when asked, most of them content, as where people are helped; null when they said nothing. */
export function opinionOf(n: number): { rating: number; words: string | null } | null {
  if (n % 5 > 2) return null;
  const rating = [5, 4, 5, 3, 5, 4, 5, 2, 5, 4, 5, 1][n % 12]!;
  return { rating, words: n % 7 === 0 ? (rating <= 3 ? OPINIONS[2]! : OPINIONS[[0, 1, 3, 4][n % 4]!]!) : null };
}
