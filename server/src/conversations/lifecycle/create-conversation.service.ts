import { Injectable } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { ChannelRegistry } from '../../channels/contract/channel-registry.js';
import { CheckAttributes } from '../../contacts/attributes/check-attributes.service.js';
import { ContactsRepository } from '../../contacts/contacts.repository.js';
import { IdentitiesRepository, type LockedIdentity } from '../../contacts/identities.repository.js';
import { Events } from '../../delivery/events.js';
import { isAdministrator, type Member } from '../../identity/access/principal.js';
import { TeamsRepository } from '../../inboxes/teams/teams.repository.js';
import { InboxesRepository, type InboxRow } from '../../inboxes/inboxes.repository.js';
import type { Tx } from '../../platform/database/transaction.js';
import { invalid, notFound } from '../../platform/http/problem.js';
import { AssignConversation } from '../assignment/assign-conversation.service.js';
import { STATUSES } from '../conversation-codes.js';
import '../conversation.events.js';
import { ConversationsRepository } from '../conversations.repository.js';
import { authorOf, PostMessage } from '../messages/post-message.service.js';
import type { CreateConversation } from './lifecycle.dto.js';
import { FirstStatus } from './first-status.service.js';
import { LifecycleRepository } from './lifecycle.repository.js';

/** Begins a conversation from our side. */
@Injectable()
export class CreateConversationService {
  constructor(
    private readonly channels: ChannelRegistry, private readonly inboxes: InboxesRepository, private readonly contacts: ContactsRepository, private readonly identities: IdentitiesRepository, private readonly lifecycle: LifecycleRepository,
    private readonly conversations: ConversationsRepository, private readonly posting: PostMessage, private readonly assignment: AssignConversation, private readonly teams: TeamsRepository, private readonly attributeValues: CheckAttributes, private readonly events: Events, private readonly beginnings: FirstStatus,
  ) {}

  /** Answers the number of the new conversation, or of the one that the inbox keeps to. */
  async create(tx: Tx, me: Member, given: CreateConversation): Promise<number> {
    const { identity, inbox } = await this.identityOf(tx, me, given);
    if (given.assignee_id) await this.assignment.refuseUnable(tx, inbox.id, given.assignee_id);
    if (given.team_id && !await this.teams.lock(tx, given.team_id)) throw invalid('team_id', 'is no team of this account');
    const id = (inbox.lock_to_single_conversation ? await this.lifecycle.newest(tx, identity) : undefined) ?? await this.open(tx, me, identity, inbox, given);
    const conversation = (await this.conversations.lockById(tx, id))!;
    if (given.message) await this.posting.write(tx, conversation, authorOf(me), given.message);
    return conversation.display_id;
  }

  private async open(tx: Tx, me: Member, identity: LockedIdentity, inbox: InboxRow, given: CreateConversation): Promise<number> {
    const opened = await this.lifecycle.open(tx, identity, {
      status: given.status ? STATUSES.indexOf(given.status) : await this.beginnings.of(tx, inbox.id, inbox), snoozedUntil: given.status === 'snoozed' ? given.snoozed_until ?? null : null, assigneeId: given.assignee_id || null, teamId: given.team_id || null,
      additional: given.additional_attributes, custom: await this.attributeValues.checked(tx, 'conversation_attribute', given.custom_attributes),
    });
    await this.events.append(tx, { type: 'conversation.created', conversationId: opened.id, actorId: me.userId, payload: { display_id: opened.display_id } });
    return opened.id;
  }

  /** By source id, else by contact and inbox; an identity is made where the contact has none on that inbox. */
  private async identityOf(tx: Tx, me: Member, given: CreateConversation): Promise<{ identity: LockedIdentity; inbox: InboxRow }> {
    const inboxId = given.inbox_id ?? (given.source_id === undefined ? undefined : await this.lifecycle.inboxOfSource(tx, given.source_id));
    const inbox = inboxId === undefined ? undefined : await this.inboxes.find(tx, inboxId, isAdministrator(me) ? null : me.userId);
    if (!inbox) throw notFound();
    // Two requests at once must not make two identities of one contact.
    if (given.contact_id !== undefined) await this.identities.lockBeforeItExists(tx, inbox.id, `contact ${given.contact_id}`);
    const known = given.source_id !== undefined ? await this.identities.lockBySource(tx, inbox.id, given.source_id)
      : given.contact_id !== undefined ? await this.lifecycle.identityOfContact(tx, inbox.id, given.contact_id) : undefined;
    if (known && given.contact_id !== undefined && known.contact_id !== given.contact_id) throw invalid('source_id', 'belongs to another contact');
    if (known) return { identity: known, inbox };
    const contact = given.contact_id === undefined ? undefined : await this.contacts.find(tx, given.contact_id);
    if (!contact || given.contact_id === undefined) throw notFound();
    const isAddressed = this.channels.get(inbox.channel_type).capabilities.addressed ?? false;
    if (isAddressed && contact.email === null) throw invalid('contact_id', 'has no email address');
    const made = await this.identities.insert(tx, inbox.id, isAddressed ? contact.email! : given.source_id ?? randomUUID(), given.contact_id, false);
    if (!made) throw invalid('source_id', 'belongs to another contact');
    return { identity: made, inbox };
  }
}
