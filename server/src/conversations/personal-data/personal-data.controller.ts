import { Controller, Get, Header, Param, Query } from '@nestjs/common';
import type { z } from 'zod';
import { answersAsText, withItemsAsText } from '../../channels/contract/items-as-text.js';
import { ContactPresenter } from '../../contacts/contact.presenter.js';
import { ContactsRepository } from '../../contacts/contacts.repository.js';
import { NotesRepository } from '../../contacts/notes/notes.repository.js';
import { AdministratorOnly, CurrentMember } from '../../identity/access/access.decorators.js';
import { ScopeArea } from '../../identity/access/token-scopes.js';
import type { Member } from '../../identity/access/principal.js';
import { AuditLog } from '../../identity/audit-log/audit-log.repository.js';
import { Clock } from '../../platform/clock/clock.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { answers } from '../../platform/http/answers.js';
import { notFound } from '../../platform/http/problem.js';
import { pathId } from '../../platform/http/schema-fields.js';
import { FileAddresses } from '../../platform/storage/file-addresses.js';
import { CONTENT_TYPES, SenderType, STATUSES } from '../conversation-codes.js';
import { PersonalData, PersonalDataQuery } from './personal-data.dto.js';
import { PersonalDataRepository, type FileRow, type WordsRow } from './personal-data.repository.js';

/** What somebody may ask to see: all that is kept about them, for people to read and for programs to take over. */
@Controller('api/v1/accounts/:account_id/contacts/:id/personal_data')
@AdministratorOnly()
@ScopeArea('contacts')
export class PersonalDataController {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly contacts: ContactsRepository, private readonly notes: NotesRepository, private readonly repository: PersonalDataRepository,
    private readonly presenter: ContactPresenter, private readonly addresses: FileAddresses, private readonly clock: Clock,
    private readonly audit: AuditLog,
  ) {}

  /** What colleagues noted among themselves is withheld unless asked for, and the answer says so. Files are listed with addresses that work for half an hour to an hour. */
  @Get()
  @Header('Content-Disposition', 'attachment; filename="personal-data.json"')
  @answers(PersonalData)
  show(@CurrentMember() me: Member, @Param('id', { schema: pathId }) id: number, @Query({ schema: PersonalDataQuery }) { internal_notes: withInternal }: z.infer<typeof PersonalDataQuery>): Promise<PersonalData> {
    return this.unitOfWork.run(me.accountId, async (tx) => {
      const contact = await this.contacts.find(tx, id);
      if (!contact) throw notFound();
      await this.audit.note(tx, 'Contact', 'export', { contact_id: id, internal_notes: withInternal });
      const threads = await this.repository.threads(tx, id);
      const words = await this.repository.words(tx, id, threads, withInternal);
      const said = grouped(words, (row) => row.conversation_id);
      const files = grouped(await this.repository.files(tx, words), (row) => row.message_id);
      return {
        format: 'porchlight-personal-data-1' as const, made_at: this.clock.date().toISOString(), withheld: withInternal ? [] : ['internal notes'],
        contact: this.presenter.present(contact, await this.contacts.identities(tx, [id])), labels: await this.contacts.labels(tx, id),
        notes: withInternal ? (await this.notes.list(tx, id)).map((note) => ({ written_at: note.created_at.toISOString(), content: note.content })) : [],
        conversations: threads.map((row) => ({
          id: row.display_id, inbox: row.inbox_name, began_at: row.created_at.toISOString(), status: STATUSES[row.status]!, labels: row.labels ?? [], is_of_somebody_else: row.contact_id !== id,
          custom_attributes: row.contact_id === id ? row.custom_attributes ?? {} : {}, additional_attributes: row.contact_id === id ? row.additional_attributes ?? {} : {},
          messages: (said.get(row.id) ?? []).map((message) => this.message(me, message, files.get(message.id) ?? [])),
        })),
        ratings: (await this.repository.ratings(tx, id)).map((row) => ({
          conversation_id: row.display_id, asked_at: row.sent_at.toISOString(), answered_at: row.answered_at?.toISOString() ?? null, rating: row.rating, feedback: row.feedback_message,
        })),
        log: (await this.repository.log(tx, id)).map((row) => ({ at: row.created_at.toISOString(), action: row.action })),
      };
    });
  }

  private message(me: Member, row: WordsRow, files: FileRow[]): PersonalData['conversations'][number]['messages'][number] {
    return {
      id: row.id, written_at: row.created_at.toISOString(), written_by: row.sender_type === SenderType.contact ? 'contact' : row.sender_type === SenderType.nobody ? 'nobody' : 'organisation',
      name: row.sender_name, is_internal_note: row.private, content: withItemsAsText(CONTENT_TYPES[row.content_type]!, row.content, row.content_attributes), answer: answersAsText(row.content_attributes) || null,
      attachments: files.map((file) => ({
        file_name: file.file_name, content_type: file.content_type, size: file.file_size,
        url: file.storage_key && this.addresses.url({ accountId: me.accountId, storageKey: file.storage_key, fileName: file.file_name ?? 'file', contentType: file.content_type ?? 'application/octet-stream' }),
      })),
    };
  }
}

function grouped<T>(rows: readonly T[], key: (row: T) => number): Map<number, T[]> {
  const groups = new Map<number, T[]>();
  for (const row of rows) {
    const group = groups.get(key(row));
    if (group) group.push(row);
    else groups.set(key(row), [row]);
  }
  return groups;
}
