import type { ComboboxOption } from '../../ui/Combobox.vue';

const fallback = ['UTC', 'Europe/London', 'Europe/Berlin', 'America/New_York', 'America/Chicago', 'America/Los_Angeles', 'Asia/Kolkata', 'Asia/Tokyo', 'Australia/Sydney'];

/** Every time zone the browser knows, with the difference to UTC it has now, in the order of the names. */
export function timeZoneOptions(locale: string, now = new Date()): ComboboxOption<string>[] {
  const zones = typeof Intl.supportedValuesOf === 'function' ? ['UTC', ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'UTC')] : fallback;
  return zones.map((zone) => ({ value: zone, label: zone.replace(/_/g, ' '), detail: offsetOf(zone, locale, now) }));
}

function offsetOf(zone: string, locale: string, now: Date): string {
  return new Intl.DateTimeFormat(locale, { timeZone: zone, timeZoneName: 'shortOffset' }).formatToParts(now).find((part) => part.type === 'timeZoneName')?.value ?? '';
}

/** The zone of this device. */
export const deviceTimeZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;
