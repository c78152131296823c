import { ENGLISH } from './scenarios-english.js';
import { OTHERS } from './scenarios-others.js';
import { CASTS, STREETS, type Scenario } from './scenario.js';

export interface PlannedMessage { who: 'them' | 'us' | 'note'; text: string; at: Date; attachment?: 'photo' | 'list' }
export interface PlannedConversation {
  /** `household`: how many live there, of those who ask for parcels. */
  contact: { name: string; email: string | null; phone: string | null; locale: string; household: number | null };
  inbox: number;
  /** 0 open 1 resolved 2 pending 3 snoozed, as stored. */
  status: 0 | 1 | 2 | 3;
  priority: number;
  /** Index into the team, or null while nobody took it. */
  assignee: number | null;
  labels: string[];
  snoozedUntil: Date | null;
  messages: PlannedMessage[];
}

const DAY = 86_400_000;

/** A small generator with a fixed seed: two demos look alike, so that pictures and words in the docs stay true. */
function dice(seed: number): { roll: (n: number) => number; pick: <T>(list: readonly T[]) => T } {
  let state = seed;
  const roll = (n: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * n);
  };
  return { roll, pick: (list) => list[roll(list.length)]! };
}

/** Plans the conversations of a food bank over the days before now, oldest first. Agents answer by day, people write at any hour. */
export function planDemo(now: Date, { conversations = 300, days = 60, inboxes = 3, team = 5 } = {}): PlannedConversation[] {
  const { roll, pick } = dice(20_261);
  const plans: PlannedConversation[] = [];
  for (let i = 0; i < conversations; i++) {
    const scenario = roll(100) < 68 ? pick(ENGLISH) : pick(OTHERS);
    // More of them lie in the last days, as in a place that becomes known.
    const ageDays = days * ((conversations - 1 - i) / conversations) ** 1.7;
    const start = now.getTime() - ageDays * DAY - roll(DAY / 4) - 5 * 60_000;
    plans.push(planOne(scenario, start, now.getTime(), i, { roll, pick, inboxes, team }));
  }
  return plans.sort((a, b) => a.messages[0]!.at.getTime() - b.messages[0]!.at.getTime());
}

interface Tools { roll: (n: number) => number; pick: <T>(list: readonly T[]) => T; inboxes: number; team: number }

function planOne(scenario: Scenario, start: number, now: number, n: number, tools: Tools): PlannedConversation {
  const { roll, pick } = tools;
  const cast = CASTS[scenario.locale ?? 'en'];
  const name = pick(cast.names);
  const words: Record<string, string> = { first: name.split(' ')[0]!, day: pick(cast.days), street: `${pick(STREETS)} ${roll(80) + 1}`, n: String(roll(5) + 3) };
  const isRecent = now - start < 3 * DAY;
  const length = isRecent && roll(3) > 0 ? 1 + roll(scenario.lines.length) : scenario.lines.length;
  const messages = tellLines(scenario, words, length, start, now, roll);
  const last = messages.at(-1)!;
  const status = statusOf(isRecent, last.who, roll);
  const isTaken = status === 1 || messages.some((m) => m.who !== 'them') || roll(3) === 0;
  return {
    contact: { name, locale: scenario.locale ?? 'en', email: roll(10) < 7 ? `${slug(name)}.${n}@example.org` : null, phone: roll(10) < 4 ? `+1555${String(1_000_000 + n * 37).slice(0, 7)}` : null,
      household: scenario.labels[0] === 'food-parcel' ? Number(words['n']) : null },
    inbox: scenario.labels[0] === 'volunteering' || scenario.labels[0] === 'partners' ? 1 % tools.inboxes : roll(10) < 8 ? 0 : 2 % tools.inboxes,
    status, priority: scenario.priority ?? (roll(12) === 0 ? 2 : 0), assignee: isTaken ? roll(tools.team) : null, labels: scenario.labels,
    snoozedUntil: status === 3 ? new Date(now + (1 + roll(3)) * DAY) : null, messages,
  };
}

function tellLines(scenario: Scenario, words: Record<string, string>, length: number, start: number, now: number, roll: (n: number) => number): PlannedMessage[] {
  let at = start;
  let carried = false;
  return scenario.lines.slice(0, length).map((line) => {
    const [who, text] = [line.slice(0, line.indexOf(':')) as PlannedMessage['who'], line.slice(line.indexOf(':') + 2)];
    const carries = !carried && ((scenario.attachment === 'photo' && who === 'them') || (scenario.attachment === 'list' && who === 'us'));
    carried ||= carries;
    const message = { who, text: text.replace(/\{(\w+)\}/g, (_, key: string) => words[key] ?? ''), at: new Date(Math.min(at, now - 30_000)), ...(carries ? { attachment: scenario.attachment } : {}) };
    at += 45_000 + roll(who === 'them' ? 50 * 60_000 : 6 * 60_000);
    return message;
  });
}

function statusOf(isRecent: boolean, lastSpeaker: PlannedMessage['who'], roll: (n: number) => number): 0 | 1 | 2 | 3 {
  if (!isRecent) return roll(100) < 94 ? 1 : ([0, 2, 3] as const)[roll(3)]!;
  if (lastSpeaker === 'them') return 0;
  return ([0, 0, 1, 2, 3] as const)[roll(5)]!;
}

// Names in other scripts still need an address people can read in a demo.
const slug = (name: string): string => name.normalize('NFD').replace(/[^a-zA-Z ]/g, '').trim().toLowerCase().replace(/ +/g, '.') || 'visitor';
