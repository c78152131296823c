import { Injectable } from '@nestjs/common';
import { shownAvailability } from '../identity/users/availability.js';
import type { AvailabilityName } from '../identity/users/user.dto.js';
import { Avatars } from '../platform/storage/avatars.js';
import { RealtimeRepository, type PersonRow } from './realtime.repository.js';
import { ShortMemory } from './short-memory.js';

/** A colleague as shown in frames: Chatwoot's person. */
export interface Person { id: number; name: string; available_name: string; avatar_url: string; thumbnail: string; type: 'user'; availability_status: AvailabilityName }

/** The members of an account, remembered for seconds: typing and presence ask for them all the time. */
@Injectable()
export class PeopleDirectory {
  private readonly memory = new ShortMemory<Map<number, PersonRow>>(5_000);

  constructor(private readonly repository: RealtimeRepository, private readonly avatars: Avatars) {}

  of(accountId: number): Promise<Map<number, PersonRow>> {
    return this.memory.get(String(accountId), async () => new Map((await this.repository.people(accountId)).map((row) => [row.user_id, row])));
  }

  forget(accountId: number): void {
    this.memory.forget(String(accountId));
  }

  present(row: PersonRow, present: boolean): Person {
    const face = this.avatars.url(row.avatar_key);
    return {
      id: row.user_id, name: row.name, available_name: row.display_name || row.name, avatar_url: face, thumbnail: face, type: 'user',
      availability_status: shownAvailability(row.availability, row.auto_offline, present),
    };
  }
}
