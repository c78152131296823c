import addressparser, { type ParsedAddress } from 'nodemailer/lib/addressparser/index.js';
import libmime from 'libmime';
import type { MailPerson } from '../mail-messages.repository.js';
import type { RawHeader } from './mime-tree.js';
import { decodeText } from './part-content.js';

/** Ids kept of a References header: the first name the thread, the last what is answered. */
const KEPT_IDS = 20;
const MAX_PEOPLE = 500;

/** The header of a mail, its fields decoded when asked for. */
export class MailHeaders {
  /** Charset of bytes that nobody encoded: that of the body is the best guess. */
  constructor(private readonly raw: readonly RawHeader[], private readonly charset: string | undefined) {}

  get size(): number {
    return this.raw.length;
  }

  count(name: string): number {
    return this.raw.filter((header) => header.name === name).length;
  }

  /** The first field of that name as people read it; two of a kind are a trick, and the first is what everybody shows. */
  text(name: string): string {
    const found = this.raw.find((header) => header.name === name);
    return found ? words(decodeText(found.value, this.charset)) : '';
  }

  /** All fields of that name, unfolded and otherwise as they came. */
  all(name: string): string[] {
    return this.raw.filter((header) => header.name === name).map((header) => unfold(decodeText(header.value, this.charset)));
  }

  one(name: string): string {
    return this.all(name)[0] ?? '';
  }

  people(...names: string[]): MailPerson[] {
    return names.flatMap((name) => this.all(name)).flatMap((value) => peopleIn(value)).slice(0, MAX_PEOPLE);
  }

  /** Who is named in From. Of several, and of a group, it is whoever Sender names among them, else the first; a group without anybody leaves its name. */
  author(): { from: MailPerson | null; several: boolean; groupName: string | null } {
    const [value = ''] = this.all('from');
    const people = peopleIn(value);
    const sender = this.people('sender')[0]?.address;
    const [group] = parsed(value).filter((entry) => entry.group);
    const name = words(group?.name ?? '').slice(0, 255);
    return {
      from: people.find((person) => person.address === sender) ?? people[0] ?? null, several: this.count('from') > 1 || people.length > 1,
      groupName: name === '' || UNNAMED.test(name) ? null : name,
    };
  }

  /** Message ids in a field, without brackets. */
  ids(name: string): string[] {
    return idsIn(this.all(name).join(' '));
  }

  date(): Date | null {
    const value = this.one('date').replace(/\([^)]*\)/g, '').trim();
    const parsed = new Date(value);
    const year = parsed.getUTCFullYear();
    return Number.isNaN(parsed.getTime()) || year < 1980 || year > 2200 ? null : parsed;
  }

  /** Every field decoded, in order, for people who want to see it all. */
  list(maxCharacters: number): [string, string][] {
    let left = maxCharacters;
    const shown: [string, string][] = [];
    for (const { name, value } of this.raw) {
      const text = words(decodeText(value.subarray(0, 4_000), this.charset));
      left -= text.length + name.length;
      if (left < 0) break;
      shown.push([name, text]);
    }
    return shown;
  }
}

const unfold = (value: string): string => value.replace(/[\r\n]+\s*/g, ' ').replace(/[\t ]+/g, ' ').trim();
/** What nobody sees, or what turns the order of letters round so that a name reads as another. The joiners stay: scripts and emoji need them. */
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]/g;
const words = (value: string): string => libmime.decodeWords(unfold(value)).replace(/[\t\r\n]+/g, ' ').replace(CONTROL, '').trim().toWellFormed();

const parsed = (value: string): ParsedAddress[] => addressparser(value.slice(0, 100_000));
/** What programs write in the place of people they do not name. */
const UNNAMED = /undisclosed|unlisted|suppressed|not shown|^recipients?$/i;

/** Addresses in a field, groups opened. Who has no address that could be written to is left out. */
export function peopleIn(value: string): MailPerson[] {
  // Comments may hold separators; names keep them only where they are quoted.
  return flat(parsed(value)).flatMap((entry) => {
    const address = words(entry.address ?? '').replace(/\s+/g, '').toLowerCase();
    const usable = address.includes('@') || /^[^\s@]{1,64}$/.test(address);
    return usable && address.length <= 254 ? [{ name: words(entry.name ?? '').replace(/^["']+|["']+$/g, '').slice(0, 255), address }] : [];
  });
}

function flat(entries: ParsedAddress[]): ParsedAddress[] {
  return entries.flatMap((entry) => (entry.group ? flat(entry.group) : [entry]));
}

/** Ids in brackets; where nobody wrote brackets, the words that look like ids. */
export function idsIn(value: string): string[] {
  const bracketed = [...value.matchAll(/<([^<>]{1,998})>/g)].map((match) => match[1]!.replace(/\s+/g, ''));
  const found = bracketed.length > 0 ? bracketed : value.split(/[\s,]+/).filter((word) => /^[^\s<>()]+@[^\s<>()]+$/.test(word));
  const unique = [...new Set(found.filter((id) => id !== ''))];
  return unique.length <= 2 * KEPT_IDS ? unique : [...unique.slice(0, KEPT_IDS), ...unique.slice(-KEPT_IDS)];
}
