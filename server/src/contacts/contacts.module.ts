import { Global, Module } from '@nestjs/common';
import { AttributesController } from './attributes/attributes.controller.js';
import { AttributesRepository } from './attributes/attributes.repository.js';
import { CheckAttributes } from './attributes/check-attributes.service.js';
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
  controllers: [AttributesController, ContactsController, ContactDetailsController],
  providers: [AttributesRepository, CheckAttributes, ContactsRepository, IdentitiesRepository, ContactIdentities, SaveContact, ContactPresenter, ContactsRealtime],
  exports: [AttributesRepository, CheckAttributes, ContactsRepository, IdentitiesRepository, ContactIdentities, ContactPresenter],
})
export class ContactsModule {}
