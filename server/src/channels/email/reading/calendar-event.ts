/** An invitation, an answer to one, or its withdrawal, as it is shown. Times stay as they were written, with their zone. */
export interface CalendarEvent {
  method: string; uid: string; summary: string; location: string; starts: string; ends: string; zone: string | null; organizer: string; attendees: { address: string; answer: string }[];
}

const MAX_EVENTS = 5;
const MAX_PEOPLE = 100;
const unescaped = (value: string): string => value.replace(/\\n/gi, '\n').replace(/\\([,;\\])/g, '$1').trim().slice(0, 2_000);
const addressOf = (value: string): string => value.replace(/^mailto:/i, '').trim().toLowerCase().slice(0, 254);

/** The events in an iCalendar text. What is broken is left out. */
export function calendarEvents(text: string): CalendarEvent[] {
  const events: CalendarEvent[] = [];
  let method = '';
  let current: CalendarEvent | undefined;
  let inside = 0;
  for (const line of text.slice(0, 500_000).replace(/\r?\n[ \t]/g, '').split(/\r?\n/)) {
    const match = /^([A-Za-z-]+)((?:;[^:"]*(?:"[^"]*")?[^:"]*)*):(.*)$/.exec(line.slice(0, 5_000));
    if (!match) continue;
    const [name, parameters, value] = [match[1]!.toUpperCase(), match[2]!, match[3]!];
    const parameter = (key: string): string => new RegExp(`;${key}="?([^";]*)`, 'i').exec(parameters)?.[1] ?? '';
    if (name === 'METHOD' && !current) method = value.trim().toUpperCase().slice(0, 20);
    else if (name === 'BEGIN' && value.trim().toUpperCase() === 'VEVENT') current = { method, uid: '', summary: '', location: '', starts: '', ends: '', zone: null, organizer: '', attendees: [] };
    else if (name === 'BEGIN' && current) inside += 1;
    else if (name === 'END' && value.trim().toUpperCase() === 'VEVENT' && current) {
      if (events.length < MAX_EVENTS) events.push({ ...current, method });
      current = undefined;
    } else if (name === 'END' && inside > 0) inside -= 1;
    else if (current && inside === 0) {
      if (name === 'UID') current.uid = value.trim().slice(0, 300);
      else if (name === 'SUMMARY') current.summary = unescaped(value);
      else if (name === 'LOCATION') current.location = unescaped(value);
      else if (name === 'DTSTART') [current.starts, current.zone] = [value.trim().slice(0, 32), parameter('TZID') || null];
      else if (name === 'DTEND') current.ends = value.trim().slice(0, 32);
      else if (name === 'ORGANIZER') current.organizer = addressOf(value);
      else if (name === 'ATTENDEE' && current.attendees.length < MAX_PEOPLE) current.attendees.push({ address: addressOf(value), answer: parameter('PARTSTAT').toUpperCase() });
    }
  }
  return events;
}
