/** What is added up, by column name. Everything is a whole number, so that taking away gives exactly what was there before. */
export const TALLIES = [
  'conversations', 'incoming_messages', 'outgoing_messages',
  'resolutions', 'resolution_seconds', 'resolution_business_seconds',
  'first_responses', 'first_response_seconds', 'first_response_business_seconds', 'first_responses_1h', 'first_responses_4h', 'first_responses_8h', 'first_responses_24h',
  'replies', 'reply_seconds', 'reply_business_seconds', 'bot_resolutions', 'bot_handoffs',
] as const;
export type TallyName = (typeof TALLIES)[number];
export type Tally = Partial<Record<TallyName, number>>;

/** What sums are kept for. The account's own have id 0. */
export const Dimension = { account: 0, inbox: 1, agent: 2, team: 3, label: 4 } as const;
export type DimensionName = keyof typeof Dimension;

/** A quarter of an hour: every time zone on earth begins its days on one. */
export const SLOT_SECONDS = 900;
export const slotOf = (at: Date): number => Math.floor(at.getTime() / 1000 / SLOT_SECONDS) * SLOT_SECONDS;

/** Something counted: when, what, and for which agent beside the conversation's inbox, team and labels. */
export interface Counted { slot: number; tally: Tally; agentId: number | null }

export interface SlotRow extends Tally { dimension: number; dimension_id: number; slot: number }

/** Collects what changes in the sums, one row for each of them. */
export class Changes {
  private readonly rows = new Map<string, SlotRow>();

  add(dimension: DimensionName, id: number, slot: number, tally: Tally, sign: 1 | -1 = 1): void {
    const key = `${dimension} ${id} ${slot}`;
    let row = this.rows.get(key);
    if (!row) this.rows.set(key, row = { dimension: Dimension[dimension], dimension_id: id, slot });
    for (const name of Object.keys(tally) as TallyName[]) row[name] = (row[name] ?? 0) + sign * tally[name]!;
  }

  /** The rows in which something is left to change. */
  all(): SlotRow[] {
    return [...this.rows.values()].filter((row) => TALLIES.some((name) => row[name]));
  }
}
