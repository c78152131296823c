import { BellOff, CalendarClock, ChevronsUp, ChevronUp, ChevronDown, Clock, Equal, Minus, Moon, Sun, UserMinus } from '@lucide/vue';
import type { Component } from 'vue';
import type { Availability, Priority } from '../../../api/types';

/** One answer of a ChooseDialog. */
export interface Choice {
  value: number | string | null;
  label: string;
  detail?: string;
  icon?: Component;
  color?: string;
  person?: boolean;
  picture?: string | null;
  status?: Availability;
  checked?: boolean;
  /** Choosing it asks something further, so the dialog stays. */
  more?: boolean;
}

export const priorityIcons: Record<Priority, Component> = { urgent: ChevronsUp, high: ChevronUp, medium: Equal, low: ChevronDown };
export const noPriorityIcon = Minus;
export const nobodyIcon = UserMinus;

/** The moments a conversation can be put off to. */
export type SnoozePreset = 'laterToday' | 'tomorrow' | 'nextWeek' | 'inAnHour';
export const snoozeIcons = { inAnHour: Clock, laterToday: Moon, tomorrow: Sun, nextWeek: CalendarClock, nextReply: BellOff } as const;

/** When each preset ends, as local time: three hours on, tomorrow at nine, Monday at nine. */
export function snoozeMoments(now: Date): { preset: SnoozePreset; at: Date }[] {
  const at = (days: number, hours: number) => new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, hours);
  const later = new Date(now.getTime() + 3 * 3_600_000);
  later.setMinutes(0, 0, 0);
  const toMonday = (8 - now.getDay()) % 7 || 7;
  return [
    { preset: 'inAnHour' as const, at: new Date(now.getTime() + 3_600_000) },
    // Late in the evening "later today" would be tomorrow.
    ...(later.getDate() === now.getDate() ? [{ preset: 'laterToday' as const, at: later }] : []),
    { preset: 'tomorrow' as const, at: at(1, 9) },
    { preset: 'nextWeek' as const, at: at(toMonday, 9) },
  ];
}
