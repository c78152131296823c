import { Injectable } from '@nestjs/common';
import { ConversationsRepository } from '../../conversations/conversations.repository.js';
import { PostMessage } from '../../conversations/messages/post-message.service.js';
import type { StoredEvent } from '../../delivery/event-types.js';
import { ProcessedEvents } from '../../delivery/processed-events.js';
import { accountId } from '../../platform/database/account-id.js';
import { causedBy } from '../../platform/database/transaction.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { Problem } from '../../platform/http/problem.js';
import { Log } from '../../platform/logging/log.js';
import { FileStore } from '../../platform/storage/file-store.js';
import type { StagedFile } from '../../platform/storage/staged-file.js';
import { Uploads } from '../../platform/storage/uploads.js';
import '../actions/outside.events.js';
import { saidBy } from '../actions/said-by.js';
import { ActionFilesRepository, type ActionFileRow } from './action-files.repository.js';

type Requested = StoredEvent<'automation.outside_requested'>;
const SUBSCRIBER = 'automation-outside';

/** Sends files into a conversation, each as a copy: what is taken back with its message, or with its macro, leaves the other alone. */
@Injectable()
export class SendActionFiles {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly repository: ActionFilesRepository, private readonly conversations: ConversationsRepository, private readonly posting: PostMessage,
    private readonly processed: ProcessedEvents, private readonly uploads: Uploads, private readonly store: FileStore, private readonly log: Log,
  ) {}

  /** Once for one event, however often it is tried. */
  async send(event: Requested, wanted: { files: string[]; user_id: number | null }): Promise<void> {
    const account = accountId(event.account_id);
    const rows = await this.unitOfWork.run(account, (tx) => this.repository.find(tx, wanted.files));
    if (rows.length === 0) return;
    // Copied before the conversation is locked: forty megabytes take their time.
    const copies = await this.uploads.stageAll(account, await Promise.all(rows.map((row) => this.opened(row))));
    try {
      await this.post(event, wanted.user_id, copies);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.log.warn('an action could not send its file', { error, account_id: event.account_id, conversation_id: event.conversation_id });
    } finally {
      await this.uploads.discard(account, copies);
    }
  }

  private post(event: Requested, userId: number | null, attachments: StagedFile[]): Promise<void> {
    return this.unitOfWork.run(accountId(event.account_id), async (plain) => {
      const tx = event.payload.caused_by ? causedBy(plain, event.payload.caused_by) : plain;
      const conversation = await this.conversations.lockById(tx, event.conversation_id!);
      if (!conversation || !await this.processed.firstTime(tx, event, SUBSCRIBER)) return;
      await this.posting.write(tx, conversation, { userId }, { private: false, message_type: 'outgoing', content_type: 'text', attachments, ...saidBy(tx) });
    });
  }

  private async opened(row: ActionFileRow): Promise<{ fileName: string; declaredType: string; source: AsyncIterable<Buffer> }> {
    const file = await this.store.open(row.storage_key);
    if (!file) throw new Error('The file of an action is gone.');
    return { fileName: row.file_name, declaredType: row.content_type, source: file.read() as AsyncIterable<Buffer> };
  }
}
