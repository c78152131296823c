import type { AvailabilityName } from './user.dto.js';

const NAMES: readonly AvailabilityName[] = ['online', 'offline', 'busy'];

/** How availability is stored, and back. */
export const availabilityCode = (name: AvailabilityName): number => NAMES.indexOf(name);
export const availabilityOf = (code: number): AvailabilityName => NAMES[code] ?? 'offline';

/** What others see: the chosen state, or offline while away, unless the person wants to be seen anyway. */
export const shownAvailability = (chosen: number, autoOffline: boolean, present: boolean): AvailabilityName =>
  autoOffline && !present ? 'offline' : availabilityOf(chosen);
