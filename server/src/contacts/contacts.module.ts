import { Global, Module } from '@nestjs/common';
import { AttributesController } from './attributes/attributes.controller.js';
import { AttributesRepository } from './attributes/attributes.repository.js';
import { CheckAttributes } from './attributes/check-attributes.service.js';
import { ContactAvatars } from './contact-avatars.service.js';
import { ContactFaces } from './contact-faces.service.js';
import { ContactDetailsController } from './contact-details.controller.js';
import { ContactIdentities } from './contact-identities.service.js';
import { ContactInboxesController } from './contact-inboxes.controller.js';
import { ContactPresenter } from './contact.presenter.js';
import { ContactsController } from './contacts.controller.js';
import { ContactsRealtime } from './contacts.realtime.js';
import { ContactsRepository } from './contacts.repository.js';
import { FetchContactFace } from './fetch-contact-face.job.js';
import { IdentitiesRepository } from './identities.repository.js';
import { LabelContacts } from './label-contacts.service.js';
import { LabelManyController } from './label-many.controller.js';
import { MergeContacts } from './merge/merge-contacts.service.js';
import { MergeController } from './merge/merge.controller.js';
import { MergeRepository } from './merge/merge.repository.js';
import { NotesController } from './notes/notes.controller.js';
import { NotesRepository } from './notes/notes.repository.js';
import { SaveContact } from './save-contact.service.js';
import { ExportsController } from './transfer/exports.controller.js';
import { RunExport, SweepExports } from './transfer/exports.job.js';
import { ExportsRepository } from './transfer/exports.repository.js';
import { ExportMail } from './transfer/export-mail.subscriber.js';
import { ImportPeople } from './transfer/import-people.service.js';
import { ImportsController } from './transfer/imports.controller.js';
import { RunImports, SweepImports } from './transfer/imports.job.js';
import { ImportsRepository } from './transfer/imports.repository.js';
import { StartImport } from './transfer/start-import.service.js';
import { WhomToExport } from './transfer/whom-to-export.service.js';

/** The people who write to us, and the addresses they write from. */
@Global()
@Module({
  controllers: [AttributesController, ContactsController, ContactDetailsController, ContactInboxesController, LabelManyController, MergeController, NotesController, ImportsController, ExportsController],
  providers: [
    AttributesRepository, CheckAttributes, ContactsRepository, IdentitiesRepository, ContactIdentities, SaveContact, LabelContacts, ContactPresenter, ContactsRealtime, ContactAvatars, ContactFaces, FetchContactFace, MergeRepository, MergeContacts, NotesRepository,
    ImportsRepository, StartImport, ImportPeople, RunImports, SweepImports, ExportsRepository, WhomToExport, RunExport, SweepExports, ExportMail,
  ],
  exports: [AttributesRepository, CheckAttributes, ContactsRepository, IdentitiesRepository, ContactIdentities, SaveContact, LabelContacts, ContactPresenter, ContactAvatars, ContactFaces, NotesRepository, ImportsRepository, ExportsRepository],
})
export class ContactsModule {}
