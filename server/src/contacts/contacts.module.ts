import { Global, Module } from '@nestjs/common';
import { ContactDetailsController } from './contact-details.controller.js';
import { ContactIdentities } from './contact-identities.service.js';
import { ContactPresenter } from './contact.presenter.js';
import { ContactsController } from './contacts.controller.js';
import { ContactsRealtime } from './contacts.realtime.js';
import { ContactsRepository } from './contacts.repository.js';
import { IdentitiesRepository } from './identities.repository.js';
import { SaveContact } from './save-contact.service.js';

/** The people who write to us, and the addresses they write from. */
@Global()
@Module({
  controllers: [ContactsController, ContactDetailsController],
  providers: [ContactsRepository, IdentitiesRepository, ContactIdentities, SaveContact, ContactPresenter, ContactsRealtime],
  exports: [ContactsRepository, IdentitiesRepository, ContactIdentities, ContactPresenter],
})
export class ContactsModule {}
