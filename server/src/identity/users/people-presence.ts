import { Injectable } from '@nestjs/common';

/** Who has a dashboard open right now. Realtime provides it; without it nobody is known to be away. */
export interface PresenceSource {
  /** Of these people, those who are present in the account. */
  present(accountId: number, userIds: number[]): Promise<Set<number>>;
}

/** The place where realtime registers what it knows and people are asked about. */
@Injectable()
export class PeoplePresence {
  private source: PresenceSource | undefined;

  provide(source: PresenceSource): void {
    this.source = source;
  }

  /** Of these people, those who are present in the account. */
  async present(accountId: number, userIds: number[]): Promise<Set<number>> {
    return this.source ? this.source.present(accountId, userIds) : new Set(userIds);
  }
}
