import { Global, Module } from '@nestjs/common';
import { AttributesController } from './attributes/attributes.controller.js';
import { AttributesRepository } from './attributes/attributes.repository.js';
import { CheckAttributes } from './attributes/check-attributes.service.js';
import { ContactAvatars } from './contact-avatars.service.js';
import { ContactDetailsController } from './contact-details.controller.js';
import { ContactIdentities } from './contact-identities.service.js';
import { ContactPresenter } from './contact.presenter.js';
import { ContactsController } from './contacts.controller.js';
import { ContactsRealtime } from './contacts.realtime.js';
import { ContactsRepository } from './contacts.repository.js';
import { IdentitiesRepository } from './identities.repository.js';
import { MergeContacts } from './merge/merge-contacts.service.js';
import { MergeController } from './merge/merge.controller.js';
import { MergeRepository } from './merge/merge.repository.js';
import { NotesController } from './notes/notes.controller.js';
import { NotesRepository } from './notes/notes.repository.js';
import { SaveContact } from './save-contact.service.js';

/** The people who write to us, and the addresses they write from. */
@Global()
@Module({
  controllers: [AttributesController, ContactsController, ContactDetailsController, MergeController, NotesController],
  providers: [AttributesRepository, CheckAttributes, ContactsRepository, IdentitiesRepository, ContactIdentities, SaveContact, ContactPresenter, ContactsRealtime, ContactAvatars, MergeRepository, MergeContacts, NotesRepository],
  exports: [AttributesRepository, CheckAttributes, ContactsRepository, IdentitiesRepository, ContactIdentities, ContactPresenter, ContactAvatars, NotesRepository],
})
export class ContactsModule {}
