import type { WorkingHours } from '../../../api/types';

/** A day as it is edited; times as `HH:MM`. */
export interface DayHours { kind: 'closed' | 'hours' | 'all'; open: string; close: string }

const two = (n: number) => String(n).padStart(2, '0');
const clock = (hour: number | null, minutes: number | null, fallback: string) => (hour === null ? fallback : `${two(hour)}:${two(minutes ?? 0)}`);

/** Seven days, index 0 = Sunday; a day the server does not name is closed. */
export function toDays(stored: WorkingHours[]): DayHours[] {
  return Array.from({ length: 7 }, (_, index) => {
    const day = stored.find((one) => one.day_of_week === index);
    const kind = !day || day.closed_all_day ? 'closed' : day.open_all_day ? 'all' : 'hours';
    return { kind, open: clock(day?.open_hour ?? null, day?.open_minutes ?? null, '09:00'), close: clock(day?.close_hour ?? null, day?.close_minutes ?? null, '17:00') };
  });
}

/** Back to the wire. */
export function toWorkingHours(days: DayHours[]): WorkingHours[] {
  return days.map((day, index) => {
    const [openHour, openMinutes] = day.open.split(':').map(Number);
    const [closeHour, closeMinutes] = day.close.split(':').map(Number);
    const hours = day.kind === 'hours';
    return {
      day_of_week: index, closed_all_day: day.kind === 'closed', open_all_day: day.kind === 'all',
      open_hour: hours ? openHour! : null, open_minutes: hours ? openMinutes! : null, close_hour: hours ? closeHour! : null, close_minutes: hours ? closeMinutes! : null,
    };
  });
}

/** The day a week begins with where this language is spoken, 0 = Sunday. */
export function firstWeekday(locale: string): number {
  const info = new Intl.Locale(locale) as Intl.Locale & { getWeekInfo?: () => { firstDay: number }; weekInfo?: { firstDay: number } };
  return (info.getWeekInfo?.().firstDay ?? info.weekInfo?.firstDay ?? 1) % 7;
}
