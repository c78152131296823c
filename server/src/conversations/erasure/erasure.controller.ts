import { Controller, Delete, Param } from '@nestjs/common';
import { AdministratorOnly, CurrentMember, WantsFreshProof } from '../../identity/access/access.decorators.js';
import { ScopeArea } from '../../identity/access/token-scopes.js';
import type { Member } from '../../identity/access/principal.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { answersEmpty } from '../../platform/http/answers.js';
import { pathId } from '../../platform/http/schema-fields.js';
import { ActOnConversation } from '../act-on-conversation.service.js';
import { EraseConversations } from './erase-conversations.service.js';

/** Removing for good. A contact is removed here because their conversations go with them. */
@Controller('api/v1/accounts/:account_id')
@AdministratorOnly()
export class ErasureController {
  constructor(private readonly act: ActOnConversation, private readonly unitOfWork: UnitOfWork, private readonly erasing: EraseConversations) {}

  @Delete('conversations/:id')
  @ScopeArea('conversations')
  @answersEmpty()
  async removeConversation(@CurrentMember() me: Member, @Param('id', { schema: pathId }) id: number): Promise<void> {
    await this.act.run(me, id, (tx, conversation) => this.erasing.erase(tx, [conversation.id], me.userId));
  }

  @Delete('contacts/:id')
  @WantsFreshProof()
  @ScopeArea('contacts')
  @answersEmpty()
  async removeContact(@CurrentMember() me: Member, @Param('id', { schema: pathId }) id: number): Promise<void> {
    await this.unitOfWork.run(me.accountId, (tx) => this.erasing.eraseContact(tx, id, me.userId));
  }
}
