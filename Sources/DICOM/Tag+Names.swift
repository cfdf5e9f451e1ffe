// Made by Scripts/make-dictionary.py from Scripts/dictionary-tags.txt. Do not edit.

extension Tag {
  /// Command Group Length (0000,0000).
  package static var commandGroupLength: Tag { Tag(0x0000, 0x0000) }
  /// Affected SOP Class UID (0000,0002).
  package static var affectedSOPClassUID: Tag { Tag(0x0000, 0x0002) }
  /// Requested SOP Class UID (0000,0003).
  package static var requestedSOPClassUID: Tag { Tag(0x0000, 0x0003) }
  /// Command Field (0000,0100).
  package static var commandField: Tag { Tag(0x0000, 0x0100) }
  /// Message ID (0000,0110).
  package static var messageID: Tag { Tag(0x0000, 0x0110) }
  /// Message ID Being Responded To (0000,0120).
  package static var messageIDBeingRespondedTo: Tag { Tag(0x0000, 0x0120) }
  /// Move Destination (0000,0600).
  package static var moveDestination: Tag { Tag(0x0000, 0x0600) }
  /// Priority (0000,0700).
  package static var priority: Tag { Tag(0x0000, 0x0700) }
  /// Command Data Set Type (0000,0800).
  package static var commandDataSetType: Tag { Tag(0x0000, 0x0800) }
  /// Status (0000,0900).
  package static var status: Tag { Tag(0x0000, 0x0900) }
  /// Offending Element (0000,0901).
  package static var offendingElement: Tag { Tag(0x0000, 0x0901) }
  /// Error Comment (0000,0902).
  package static var errorComment: Tag { Tag(0x0000, 0x0902) }
  /// Error ID (0000,0903).
  package static var errorID: Tag { Tag(0x0000, 0x0903) }
  /// Affected SOP Instance UID (0000,1000).
  package static var affectedSOPInstanceUID: Tag { Tag(0x0000, 0x1000) }
  /// Requested SOP Instance UID (0000,1001).
  package static var requestedSOPInstanceUID: Tag { Tag(0x0000, 0x1001) }
  /// Event Type ID (0000,1002).
  package static var eventTypeID: Tag { Tag(0x0000, 0x1002) }
  /// Attribute Identifier List (0000,1005).
  package static var attributeIdentifierList: Tag { Tag(0x0000, 0x1005) }
  /// Action Type ID (0000,1008).
  package static var actionTypeID: Tag { Tag(0x0000, 0x1008) }
  /// Number of Remaining Sub-operations (0000,1020).
  package static var numberOfRemainingSuboperations: Tag { Tag(0x0000, 0x1020) }
  /// Number of Completed Sub-operations (0000,1021).
  package static var numberOfCompletedSuboperations: Tag { Tag(0x0000, 0x1021) }
  /// Number of Failed Sub-operations (0000,1022).
  package static var numberOfFailedSuboperations: Tag { Tag(0x0000, 0x1022) }
  /// Number of Warning Sub-operations (0000,1023).
  package static var numberOfWarningSuboperations: Tag { Tag(0x0000, 0x1023) }
  /// Move Originator Application Entity Title (0000,1030).
  package static var moveOriginatorApplicationEntityTitle: Tag { Tag(0x0000, 0x1030) }
  /// Move Originator Message ID (0000,1031).
  package static var moveOriginatorMessageID: Tag { Tag(0x0000, 0x1031) }
  /// File Meta Information Group Length (0002,0000).
  package static var fileMetaInformationGroupLength: Tag { Tag(0x0002, 0x0000) }
  /// File Meta Information Version (0002,0001).
  package static var fileMetaInformationVersion: Tag { Tag(0x0002, 0x0001) }
  /// Media Storage SOP Class UID (0002,0002).
  package static var mediaStorageSOPClassUID: Tag { Tag(0x0002, 0x0002) }
  /// Media Storage SOP Instance UID (0002,0003).
  package static var mediaStorageSOPInstanceUID: Tag { Tag(0x0002, 0x0003) }
  /// Transfer Syntax UID (0002,0010).
  package static var transferSyntaxUID: Tag { Tag(0x0002, 0x0010) }
  /// Implementation Class UID (0002,0012).
  package static var implementationClassUID: Tag { Tag(0x0002, 0x0012) }
  /// Implementation Version Name (0002,0013).
  package static var implementationVersionName: Tag { Tag(0x0002, 0x0013) }
  /// Source Application Entity Title (0002,0016).
  package static var sourceApplicationEntityTitle: Tag { Tag(0x0002, 0x0016) }
  /// Specific Character Set (0008,0005).
  package static var specificCharacterSet: Tag { Tag(0x0008, 0x0005) }
  /// Image Type (0008,0008).
  package static var imageType: Tag { Tag(0x0008, 0x0008) }
  /// Instance Creation Date (0008,0012).
  package static var instanceCreationDate: Tag { Tag(0x0008, 0x0012) }
  /// Instance Creation Time (0008,0013).
  package static var instanceCreationTime: Tag { Tag(0x0008, 0x0013) }
  /// Instance Creator UID (0008,0014).
  package static var instanceCreatorUID: Tag { Tag(0x0008, 0x0014) }
  /// SOP Class UID (0008,0016).
  package static var sopClassUID: Tag { Tag(0x0008, 0x0016) }
  /// SOP Instance UID (0008,0018).
  package static var sopInstanceUID: Tag { Tag(0x0008, 0x0018) }
  /// Study Date (0008,0020).
  package static var studyDate: Tag { Tag(0x0008, 0x0020) }
  /// Series Date (0008,0021).
  package static var seriesDate: Tag { Tag(0x0008, 0x0021) }
  /// Acquisition Date (0008,0022).
  package static var acquisitionDate: Tag { Tag(0x0008, 0x0022) }
  /// Content Date (0008,0023).
  package static var contentDate: Tag { Tag(0x0008, 0x0023) }
  /// Acquisition DateTime (0008,002A).
  package static var acquisitionDateTime: Tag { Tag(0x0008, 0x002A) }
  /// Study Time (0008,0030).
  package static var studyTime: Tag { Tag(0x0008, 0x0030) }
  /// Series Time (0008,0031).
  package static var seriesTime: Tag { Tag(0x0008, 0x0031) }
  /// Acquisition Time (0008,0032).
  package static var acquisitionTime: Tag { Tag(0x0008, 0x0032) }
  /// Content Time (0008,0033).
  package static var contentTime: Tag { Tag(0x0008, 0x0033) }
  /// Accession Number (0008,0050).
  package static var accessionNumber: Tag { Tag(0x0008, 0x0050) }
  /// Issuer of Accession Number Sequence (0008,0051).
  package static var issuerOfAccessionNumberSequence: Tag { Tag(0x0008, 0x0051) }
  /// Query/Retrieve Level (0008,0052).
  package static var queryRetrieveLevel: Tag { Tag(0x0008, 0x0052) }
  /// Retrieve AE Title (0008,0054).
  package static var retrieveAETitle: Tag { Tag(0x0008, 0x0054) }
  /// Instance Availability (0008,0056).
  package static var instanceAvailability: Tag { Tag(0x0008, 0x0056) }
  /// Failed SOP Instance UID List (0008,0058).
  package static var failedSOPInstanceUIDList: Tag { Tag(0x0008, 0x0058) }
  /// Modality (0008,0060).
  package static var modality: Tag { Tag(0x0008, 0x0060) }
  /// Modalities in Study (0008,0061).
  package static var modalitiesInStudy: Tag { Tag(0x0008, 0x0061) }
  /// SOP Classes in Study (0008,0062).
  package static var sopClassesInStudy: Tag { Tag(0x0008, 0x0062) }
  /// Conversion Type (0008,0064).
  package static var conversionType: Tag { Tag(0x0008, 0x0064) }
  /// Manufacturer (0008,0070).
  package static var manufacturer: Tag { Tag(0x0008, 0x0070) }
  /// Institution Name (0008,0080).
  package static var institutionName: Tag { Tag(0x0008, 0x0080) }
  /// Referring Physician's Name (0008,0090).
  package static var referringPhysicianName: Tag { Tag(0x0008, 0x0090) }
  /// Code Value (0008,0100).
  package static var codeValue: Tag { Tag(0x0008, 0x0100) }
  /// Coding Scheme Designator (0008,0102).
  package static var codingSchemeDesignator: Tag { Tag(0x0008, 0x0102) }
  /// Code Meaning (0008,0104).
  package static var codeMeaning: Tag { Tag(0x0008, 0x0104) }
  /// Mapping Resource (0008,0105).
  package static var mappingResource: Tag { Tag(0x0008, 0x0105) }
  /// Timezone Offset From UTC (0008,0201).
  package static var timezoneOffsetFromUTC: Tag { Tag(0x0008, 0x0201) }
  /// Station Name (0008,1010).
  package static var stationName: Tag { Tag(0x0008, 0x1010) }
  /// Study Description (0008,1030).
  package static var studyDescription: Tag { Tag(0x0008, 0x1030) }
  /// Series Description (0008,103E).
  package static var seriesDescription: Tag { Tag(0x0008, 0x103E) }
  /// Physician(s) of Record (0008,1048).
  package static var physiciansOfRecord: Tag { Tag(0x0008, 0x1048) }
  /// Operators' Name (0008,1070).
  package static var operatorsName: Tag { Tag(0x0008, 0x1070) }
  /// Manufacturer's Model Name (0008,1090).
  package static var manufacturerModelName: Tag { Tag(0x0008, 0x1090) }
  /// Referenced Study Sequence (0008,1110).
  package static var referencedStudySequence: Tag { Tag(0x0008, 0x1110) }
  /// Referenced Performed Procedure Step Sequence (0008,1111).
  package static var referencedPerformedProcedureStepSequence: Tag { Tag(0x0008, 0x1111) }
  /// Referenced Series Sequence (0008,1115).
  package static var referencedSeriesSequence: Tag { Tag(0x0008, 0x1115) }
  /// Referenced Image Sequence (0008,1140).
  package static var referencedImageSequence: Tag { Tag(0x0008, 0x1140) }
  /// Referenced Instance Sequence (0008,114A).
  package static var referencedInstanceSequence: Tag { Tag(0x0008, 0x114A) }
  /// Referenced SOP Class UID (0008,1150).
  package static var referencedSOPClassUID: Tag { Tag(0x0008, 0x1150) }
  /// Referenced SOP Instance UID (0008,1155).
  package static var referencedSOPInstanceUID: Tag { Tag(0x0008, 0x1155) }
  /// Referenced Frame Number (0008,1160).
  package static var referencedFrameNumber: Tag { Tag(0x0008, 0x1160) }
  /// Transaction UID (0008,1195).
  package static var transactionUID: Tag { Tag(0x0008, 0x1195) }
  /// Failure Reason (0008,1197).
  package static var failureReason: Tag { Tag(0x0008, 0x1197) }
  /// Failed SOP Sequence (0008,1198).
  package static var failedSOPSequence: Tag { Tag(0x0008, 0x1198) }
  /// Referenced SOP Sequence (0008,1199).
  package static var referencedSOPSequence: Tag { Tag(0x0008, 0x1199) }
  /// Studies Containing Other Referenced Instances Sequence (0008,1200).
  package static var studiesContainingOtherReferencedInstancesSequence: Tag { Tag(0x0008, 0x1200) }
  /// Derivation Description (0008,2111).
  package static var derivationDescription: Tag { Tag(0x0008, 0x2111) }
  /// Source Image Sequence (0008,2112).
  package static var sourceImageSequence: Tag { Tag(0x0008, 0x2112) }
  /// Frame Type (0008,9007).
  package static var frameType: Tag { Tag(0x0008, 0x9007) }
  /// Derivation Code Sequence (0008,9215).
  package static var derivationCodeSequence: Tag { Tag(0x0008, 0x9215) }
  /// Patient's Name (0010,0010).
  package static var patientName: Tag { Tag(0x0010, 0x0010) }
  /// Patient ID (0010,0020).
  package static var patientID: Tag { Tag(0x0010, 0x0020) }
  /// Issuer of Patient ID (0010,0021).
  package static var issuerOfPatientID: Tag { Tag(0x0010, 0x0021) }
  /// Type of Patient ID (0010,0022).
  package static var typeOfPatientID: Tag { Tag(0x0010, 0x0022) }
  /// Issuer of Patient ID Qualifiers Sequence (0010,0024).
  package static var issuerOfPatientIDQualifiersSequence: Tag { Tag(0x0010, 0x0024) }
  /// Patient's Birth Date (0010,0030).
  package static var patientBirthDate: Tag { Tag(0x0010, 0x0030) }
  /// Patient's Sex (0010,0040).
  package static var patientSex: Tag { Tag(0x0010, 0x0040) }
  /// Other Patient IDs Sequence (0010,1002).
  package static var otherPatientIDsSequence: Tag { Tag(0x0010, 0x1002) }
  /// Patient's Age (0010,1010).
  package static var patientAge: Tag { Tag(0x0010, 0x1010) }
  /// Patient's Size (0010,1020).
  package static var patientSize: Tag { Tag(0x0010, 0x1020) }
  /// Patient's Weight (0010,1030).
  package static var patientWeight: Tag { Tag(0x0010, 0x1030) }
  /// Patient's Address (0010,1040).
  package static var patientAddress: Tag { Tag(0x0010, 0x1040) }
  /// Patient's Telephone Numbers (0010,2154).
  package static var patientTelephoneNumbers: Tag { Tag(0x0010, 0x2154) }
  /// Clinical Trial Sponsor Name (0012,0010).
  package static var clinicalTrialSponsorName: Tag { Tag(0x0012, 0x0010) }
  /// Clinical Trial Protocol ID (0012,0020).
  package static var clinicalTrialProtocolID: Tag { Tag(0x0012, 0x0020) }
  /// Clinical Trial Protocol Name (0012,0021).
  package static var clinicalTrialProtocolName: Tag { Tag(0x0012, 0x0021) }
  /// Clinical Trial Site ID (0012,0030).
  package static var clinicalTrialSiteID: Tag { Tag(0x0012, 0x0030) }
  /// Clinical Trial Site Name (0012,0031).
  package static var clinicalTrialSiteName: Tag { Tag(0x0012, 0x0031) }
  /// Clinical Trial Subject ID (0012,0040).
  package static var clinicalTrialSubjectID: Tag { Tag(0x0012, 0x0040) }
  /// Clinical Trial Subject Reading ID (0012,0042).
  package static var clinicalTrialSubjectReadingID: Tag { Tag(0x0012, 0x0042) }
  /// Patient Identity Removed (0012,0062).
  package static var patientIdentityRemoved: Tag { Tag(0x0012, 0x0062) }
  /// De-identification Method (0012,0063).
  package static var deidentificationMethod: Tag { Tag(0x0012, 0x0063) }
  /// De-identification Method Code Sequence (0012,0064).
  package static var deidentificationMethodCodeSequence: Tag { Tag(0x0012, 0x0064) }
  /// Body Part Examined (0018,0015).
  package static var bodyPartExamined: Tag { Tag(0x0018, 0x0015) }
  /// Slice Thickness (0018,0050).
  package static var sliceThickness: Tag { Tag(0x0018, 0x0050) }
  /// Spacing Between Slices (0018,0088).
  package static var spacingBetweenSlices: Tag { Tag(0x0018, 0x0088) }
  /// Device Serial Number (0018,1000).
  package static var deviceSerialNumber: Tag { Tag(0x0018, 0x1000) }
  /// Secondary Capture Device Manufacturer (0018,1016).
  package static var secondaryCaptureDeviceManufacturer: Tag { Tag(0x0018, 0x1016) }
  /// Secondary Capture Device Manufacturer's Model Name (0018,1018).
  package static var secondaryCaptureDeviceManufacturerModelName: Tag { Tag(0x0018, 0x1018) }
  /// Secondary Capture Device Software Versions (0018,1019).
  package static var secondaryCaptureDeviceSoftwareVersions: Tag { Tag(0x0018, 0x1019) }
  /// Software Versions (0018,1020).
  package static var softwareVersions: Tag { Tag(0x0018, 0x1020) }
  /// Protocol Name (0018,1030).
  package static var protocolName: Tag { Tag(0x0018, 0x1030) }
  /// Frame Time (0018,1063).
  package static var frameTime: Tag { Tag(0x0018, 0x1063) }
  /// Gantry/Detector Tilt (0018,1120).
  package static var gantryDetectorTilt: Tag { Tag(0x0018, 0x1120) }
  /// Page Number Vector (0018,2001).
  package static var pageNumberVector: Tag { Tag(0x0018, 0x2001) }
  /// Slice Location Vector (0018,2005).
  package static var sliceLocationVector: Tag { Tag(0x0018, 0x2005) }
  /// Patient Position (0018,5100).
  package static var patientPosition: Tag { Tag(0x0018, 0x5100) }
  /// Respiratory Motion Compensation Technique (0018,9170).
  package static var respiratoryMotionCompensationTechnique: Tag { Tag(0x0018, 0x9170) }
  /// Contributing Equipment Sequence (0018,A001).
  package static var contributingEquipmentSequence: Tag { Tag(0x0018, 0xA001) }
  /// Contribution Description (0018,A003).
  package static var contributionDescription: Tag { Tag(0x0018, 0xA003) }
  /// Study Instance UID (0020,000D).
  package static var studyInstanceUID: Tag { Tag(0x0020, 0x000D) }
  /// Series Instance UID (0020,000E).
  package static var seriesInstanceUID: Tag { Tag(0x0020, 0x000E) }
  /// Study ID (0020,0010).
  package static var studyID: Tag { Tag(0x0020, 0x0010) }
  /// Series Number (0020,0011).
  package static var seriesNumber: Tag { Tag(0x0020, 0x0011) }
  /// Instance Number (0020,0013).
  package static var instanceNumber: Tag { Tag(0x0020, 0x0013) }
  /// Patient Orientation (0020,0020).
  package static var patientOrientation: Tag { Tag(0x0020, 0x0020) }
  /// Image Position (Patient) (0020,0032).
  package static var imagePositionPatient: Tag { Tag(0x0020, 0x0032) }
  /// Image Orientation (Patient) (0020,0037).
  package static var imageOrientationPatient: Tag { Tag(0x0020, 0x0037) }
  /// Frame of Reference UID (0020,0052).
  package static var frameOfReferenceUID: Tag { Tag(0x0020, 0x0052) }
  /// Laterality (0020,0060).
  package static var laterality: Tag { Tag(0x0020, 0x0060) }
  /// Image Laterality (0020,0062).
  package static var imageLaterality: Tag { Tag(0x0020, 0x0062) }
  /// Position Reference Indicator (0020,1040).
  package static var positionReferenceIndicator: Tag { Tag(0x0020, 0x1040) }
  /// Slice Location (0020,1041).
  package static var sliceLocation: Tag { Tag(0x0020, 0x1041) }
  /// Number of Patient Related Studies (0020,1200).
  package static var numberOfPatientRelatedStudies: Tag { Tag(0x0020, 0x1200) }
  /// Number of Patient Related Series (0020,1202).
  package static var numberOfPatientRelatedSeries: Tag { Tag(0x0020, 0x1202) }
  /// Number of Patient Related Instances (0020,1204).
  package static var numberOfPatientRelatedInstances: Tag { Tag(0x0020, 0x1204) }
  /// Number of Study Related Series (0020,1206).
  package static var numberOfStudyRelatedSeries: Tag { Tag(0x0020, 0x1206) }
  /// Number of Study Related Instances (0020,1208).
  package static var numberOfStudyRelatedInstances: Tag { Tag(0x0020, 0x1208) }
  /// Number of Series Related Instances (0020,1209).
  package static var numberOfSeriesRelatedInstances: Tag { Tag(0x0020, 0x1209) }
  /// Image Comments (0020,4000).
  package static var imageComments: Tag { Tag(0x0020, 0x4000) }
  /// Stack ID (0020,9056).
  package static var stackID: Tag { Tag(0x0020, 0x9056) }
  /// In-Stack Position Number (0020,9057).
  package static var inStackPositionNumber: Tag { Tag(0x0020, 0x9057) }
  /// Frame Content Sequence (0020,9111).
  package static var frameContentSequence: Tag { Tag(0x0020, 0x9111) }
  /// Plane Position Sequence (0020,9113).
  package static var planePositionSequence: Tag { Tag(0x0020, 0x9113) }
  /// Plane Orientation Sequence (0020,9116).
  package static var planeOrientationSequence: Tag { Tag(0x0020, 0x9116) }
  /// Dimension Index Values (0020,9157).
  package static var dimensionIndexValues: Tag { Tag(0x0020, 0x9157) }
  /// Dimension Organization UID (0020,9164).
  package static var dimensionOrganizationUID: Tag { Tag(0x0020, 0x9164) }
  /// Dimension Index Pointer (0020,9165).
  package static var dimensionIndexPointer: Tag { Tag(0x0020, 0x9165) }
  /// Functional Group Pointer (0020,9167).
  package static var functionalGroupPointer: Tag { Tag(0x0020, 0x9167) }
  /// Dimension Organization Sequence (0020,9221).
  package static var dimensionOrganizationSequence: Tag { Tag(0x0020, 0x9221) }
  /// Dimension Index Sequence (0020,9222).
  package static var dimensionIndexSequence: Tag { Tag(0x0020, 0x9222) }
  /// Samples per Pixel (0028,0002).
  package static var samplesPerPixel: Tag { Tag(0x0028, 0x0002) }
  /// Photometric Interpretation (0028,0004).
  package static var photometricInterpretation: Tag { Tag(0x0028, 0x0004) }
  /// Planar Configuration (0028,0006).
  package static var planarConfiguration: Tag { Tag(0x0028, 0x0006) }
  /// Number of Frames (0028,0008).
  package static var numberOfFrames: Tag { Tag(0x0028, 0x0008) }
  /// Frame Increment Pointer (0028,0009).
  package static var frameIncrementPointer: Tag { Tag(0x0028, 0x0009) }
  /// Rows (0028,0010).
  package static var rows: Tag { Tag(0x0028, 0x0010) }
  /// Columns (0028,0011).
  package static var columns: Tag { Tag(0x0028, 0x0011) }
  /// Pixel Spacing (0028,0030).
  package static var pixelSpacing: Tag { Tag(0x0028, 0x0030) }
  /// Pixel Aspect Ratio (0028,0034).
  package static var pixelAspectRatio: Tag { Tag(0x0028, 0x0034) }
  /// Bits Allocated (0028,0100).
  package static var bitsAllocated: Tag { Tag(0x0028, 0x0100) }
  /// Bits Stored (0028,0101).
  package static var bitsStored: Tag { Tag(0x0028, 0x0101) }
  /// High Bit (0028,0102).
  package static var highBit: Tag { Tag(0x0028, 0x0102) }
  /// Pixel Representation (0028,0103).
  package static var pixelRepresentation: Tag { Tag(0x0028, 0x0103) }
  /// Smallest Image Pixel Value (0028,0106).
  package static var smallestImagePixelValue: Tag { Tag(0x0028, 0x0106) }
  /// Largest Image Pixel Value (0028,0107).
  package static var largestImagePixelValue: Tag { Tag(0x0028, 0x0107) }
  /// Pixel Padding Value (0028,0120).
  package static var pixelPaddingValue: Tag { Tag(0x0028, 0x0120) }
  /// Pixel Padding Range Limit (0028,0121).
  package static var pixelPaddingRangeLimit: Tag { Tag(0x0028, 0x0121) }
  /// Quality Control Image (0028,0300).
  package static var qualityControlImage: Tag { Tag(0x0028, 0x0300) }
  /// Burned In Annotation (0028,0301).
  package static var burnedInAnnotation: Tag { Tag(0x0028, 0x0301) }
  /// Recognizable Visual Features (0028,0302).
  package static var recognizableVisualFeatures: Tag { Tag(0x0028, 0x0302) }
  /// Window Center (0028,1050).
  package static var windowCenter: Tag { Tag(0x0028, 0x1050) }
  /// Window Width (0028,1051).
  package static var windowWidth: Tag { Tag(0x0028, 0x1051) }
  /// Rescale Intercept (0028,1052).
  package static var rescaleIntercept: Tag { Tag(0x0028, 0x1052) }
  /// Rescale Slope (0028,1053).
  package static var rescaleSlope: Tag { Tag(0x0028, 0x1053) }
  /// Rescale Type (0028,1054).
  package static var rescaleType: Tag { Tag(0x0028, 0x1054) }
  /// Window Center & Width Explanation (0028,1055).
  package static var windowCenterWidthExplanation: Tag { Tag(0x0028, 0x1055) }
  /// VOI LUT Function (0028,1056).
  package static var voilutFunction: Tag { Tag(0x0028, 0x1056) }
  /// Red Palette Color Lookup Table Descriptor (0028,1101).
  package static var redPaletteColorLookupTableDescriptor: Tag { Tag(0x0028, 0x1101) }
  /// Lossy Image Compression (0028,2110).
  package static var lossyImageCompression: Tag { Tag(0x0028, 0x2110) }
  /// Lossy Image Compression Ratio (0028,2112).
  package static var lossyImageCompressionRatio: Tag { Tag(0x0028, 0x2112) }
  /// Lossy Image Compression Method (0028,2114).
  package static var lossyImageCompressionMethod: Tag { Tag(0x0028, 0x2114) }
  /// Modality LUT Sequence (0028,3000).
  package static var modalityLUTSequence: Tag { Tag(0x0028, 0x3000) }
  /// LUT Descriptor (0028,3002).
  package static var lutDescriptor: Tag { Tag(0x0028, 0x3002) }
  /// LUT Explanation (0028,3003).
  package static var lutExplanation: Tag { Tag(0x0028, 0x3003) }
  /// Modality LUT Type (0028,3004).
  package static var modalityLUTType: Tag { Tag(0x0028, 0x3004) }
  /// LUT Data (0028,3006).
  package static var lutData: Tag { Tag(0x0028, 0x3006) }
  /// VOI LUT Sequence (0028,3010).
  package static var voilutSequence: Tag { Tag(0x0028, 0x3010) }
  /// Softcopy VOI LUT Sequence (0028,3110).
  package static var softcopyVOILUTSequence: Tag { Tag(0x0028, 0x3110) }
  /// Pixel Measures Sequence (0028,9110).
  package static var pixelMeasuresSequence: Tag { Tag(0x0028, 0x9110) }
  /// Frame VOI LUT Sequence (0028,9132).
  package static var frameVOILUTSequence: Tag { Tag(0x0028, 0x9132) }
  /// Pixel Value Transformation Sequence (0028,9145).
  package static var pixelValueTransformationSequence: Tag { Tag(0x0028, 0x9145) }
  /// Request Attributes Sequence (0040,0275).
  package static var requestAttributesSequence: Tag { Tag(0x0040, 0x0275) }
  /// Relationship Type (0040,A010).
  package static var relationshipType: Tag { Tag(0x0040, 0xA010) }
  /// Value Type (0040,A040).
  package static var valueType: Tag { Tag(0x0040, 0xA040) }
  /// Concept Name Code Sequence (0040,A043).
  package static var conceptNameCodeSequence: Tag { Tag(0x0040, 0xA043) }
  /// Continuity Of Content (0040,A050).
  package static var continuityOfContent: Tag { Tag(0x0040, 0xA050) }
  /// Text Value (0040,A160).
  package static var textValue: Tag { Tag(0x0040, 0xA160) }
  /// Purpose of Reference Code Sequence (0040,A170).
  package static var purposeOfReferenceCodeSequence: Tag { Tag(0x0040, 0xA170) }
  /// Referenced Request Sequence (0040,A370).
  package static var referencedRequestSequence: Tag { Tag(0x0040, 0xA370) }
  /// Current Requested Procedure Evidence Sequence (0040,A375).
  package static var currentRequestedProcedureEvidenceSequence: Tag { Tag(0x0040, 0xA375) }
  /// Content Template Sequence (0040,A504).
  package static var contentTemplateSequence: Tag { Tag(0x0040, 0xA504) }
  /// Content Sequence (0040,A730).
  package static var contentSequence: Tag { Tag(0x0040, 0xA730) }
  /// Template Identifier (0040,DB00).
  package static var templateIdentifier: Tag { Tag(0x0040, 0xDB00) }
  /// Source Instance Sequence (0042,0013).
  package static var sourceInstanceSequence: Tag { Tag(0x0042, 0x0013) }
  /// Series Type (0054,1000).
  package static var seriesType: Tag { Tag(0x0054, 0x1000) }
  /// Segmented Property Type Modifier Code Sequence (0062,0011).
  package static var segmentedPropertyTypeModifierCodeSequence: Tag { Tag(0x0062, 0x0011) }
  /// Deformable Registration Sequence (0064,0002).
  package static var deformableRegistrationSequence: Tag { Tag(0x0064, 0x0002) }
  /// Source Frame of Reference UID (0064,0003).
  package static var sourceFrameOfReferenceUID: Tag { Tag(0x0064, 0x0003) }
  /// Deformable Registration Grid Sequence (0064,0005).
  package static var deformableRegistrationGridSequence: Tag { Tag(0x0064, 0x0005) }
  /// Grid Dimensions (0064,0007).
  package static var gridDimensions: Tag { Tag(0x0064, 0x0007) }
  /// Grid Resolution (0064,0008).
  package static var gridResolution: Tag { Tag(0x0064, 0x0008) }
  /// Vector Grid Data (0064,0009).
  package static var vectorGridData: Tag { Tag(0x0064, 0x0009) }
  /// Pre Deformation Matrix Registration Sequence (0064,000F).
  package static var preDeformationMatrixRegistrationSequence: Tag { Tag(0x0064, 0x000F) }
  /// Post Deformation Matrix Registration Sequence (0064,0010).
  package static var postDeformationMatrixRegistrationSequence: Tag { Tag(0x0064, 0x0010) }
  /// Graphic Annotation Sequence (0070,0001).
  package static var graphicAnnotationSequence: Tag { Tag(0x0070, 0x0001) }
  /// Graphic Layer (0070,0002).
  package static var graphicLayer: Tag { Tag(0x0070, 0x0002) }
  /// Bounding Box Annotation Units (0070,0003).
  package static var boundingBoxAnnotationUnits: Tag { Tag(0x0070, 0x0003) }
  /// Graphic Annotation Units (0070,0005).
  package static var graphicAnnotationUnits: Tag { Tag(0x0070, 0x0005) }
  /// Unformatted Text Value (0070,0006).
  package static var unformattedTextValue: Tag { Tag(0x0070, 0x0006) }
  /// Text Object Sequence (0070,0008).
  package static var textObjectSequence: Tag { Tag(0x0070, 0x0008) }
  /// Graphic Object Sequence (0070,0009).
  package static var graphicObjectSequence: Tag { Tag(0x0070, 0x0009) }
  /// Bounding Box Top Left Hand Corner (0070,0010).
  package static var boundingBoxTopLeftHandCorner: Tag { Tag(0x0070, 0x0010) }
  /// Bounding Box Bottom Right Hand Corner (0070,0011).
  package static var boundingBoxBottomRightHandCorner: Tag { Tag(0x0070, 0x0011) }
  /// Bounding Box Text Horizontal Justification (0070,0012).
  package static var boundingBoxTextHorizontalJustification: Tag { Tag(0x0070, 0x0012) }
  /// Graphic Dimensions (0070,0020).
  package static var graphicDimensions: Tag { Tag(0x0070, 0x0020) }
  /// Number of Graphic Points (0070,0021).
  package static var numberOfGraphicPoints: Tag { Tag(0x0070, 0x0021) }
  /// Graphic Data (0070,0022).
  package static var graphicData: Tag { Tag(0x0070, 0x0022) }
  /// Graphic Type (0070,0023).
  package static var graphicType: Tag { Tag(0x0070, 0x0023) }
  /// Graphic Filled (0070,0024).
  package static var graphicFilled: Tag { Tag(0x0070, 0x0024) }
  /// Displayed Area Top Left Hand Corner (0070,0052).
  package static var displayedAreaTopLeftHandCorner: Tag { Tag(0x0070, 0x0052) }
  /// Displayed Area Bottom Right Hand Corner (0070,0053).
  package static var displayedAreaBottomRightHandCorner: Tag { Tag(0x0070, 0x0053) }
  /// Displayed Area Selection Sequence (0070,005A).
  package static var displayedAreaSelectionSequence: Tag { Tag(0x0070, 0x005A) }
  /// Graphic Layer Sequence (0070,0060).
  package static var graphicLayerSequence: Tag { Tag(0x0070, 0x0060) }
  /// Graphic Layer Order (0070,0062).
  package static var graphicLayerOrder: Tag { Tag(0x0070, 0x0062) }
  /// Graphic Layer Recommended Display Grayscale Value (0070,0066).
  package static var graphicLayerRecommendedDisplayGrayscaleValue: Tag { Tag(0x0070, 0x0066) }
  /// Graphic Layer Description (0070,0068).
  package static var graphicLayerDescription: Tag { Tag(0x0070, 0x0068) }
  /// Content Label (0070,0080).
  package static var contentLabel: Tag { Tag(0x0070, 0x0080) }
  /// Content Description (0070,0081).
  package static var contentDescription: Tag { Tag(0x0070, 0x0081) }
  /// Presentation Creation Date (0070,0082).
  package static var presentationCreationDate: Tag { Tag(0x0070, 0x0082) }
  /// Presentation Creation Time (0070,0083).
  package static var presentationCreationTime: Tag { Tag(0x0070, 0x0083) }
  /// Content Creator's Name (0070,0084).
  package static var contentCreatorName: Tag { Tag(0x0070, 0x0084) }
  /// Presentation Size Mode (0070,0100).
  package static var presentationSizeMode: Tag { Tag(0x0070, 0x0100) }
  /// Presentation Pixel Spacing (0070,0101).
  package static var presentationPixelSpacing: Tag { Tag(0x0070, 0x0101) }
  /// Registration Sequence (0070,0308).
  package static var registrationSequence: Tag { Tag(0x0070, 0x0308) }
  /// Matrix Registration Sequence (0070,0309).
  package static var matrixRegistrationSequence: Tag { Tag(0x0070, 0x0309) }
  /// Matrix Sequence (0070,030A).
  package static var matrixSequence: Tag { Tag(0x0070, 0x030A) }
  /// Frame of Reference Transformation Matrix Type (0070,030C).
  package static var frameOfReferenceTransformationMatrixType: Tag { Tag(0x0070, 0x030C) }
  /// Registration Type Code Sequence (0070,030D).
  package static var registrationTypeCodeSequence: Tag { Tag(0x0070, 0x030D) }
  /// Graphic Layer Recommended Display CIELab Value (0070,0401).
  package static var graphicLayerRecommendedDisplayCIELabValue: Tag { Tag(0x0070, 0x0401) }
  /// Presentation LUT Shape (2050,0020).
  package static var presentationLUTShape: Tag { Tag(0x2050, 0x0020) }
  /// DVH Type (3004,0001).
  package static var dvhType: Tag { Tag(0x3004, 0x0001) }
  /// Dose Units (3004,0002).
  package static var doseUnits: Tag { Tag(0x3004, 0x0002) }
  /// Dose Type (3004,0004).
  package static var doseType: Tag { Tag(0x3004, 0x0004) }
  /// Spatial Transform of Dose (3004,0005).
  package static var spatialTransformOfDose: Tag { Tag(0x3004, 0x0005) }
  /// Dose Comment (3004,0006).
  package static var doseComment: Tag { Tag(0x3004, 0x0006) }
  /// Normalization Point (3004,0008).
  package static var normalizationPoint: Tag { Tag(0x3004, 0x0008) }
  /// Dose Summation Type (3004,000A).
  package static var doseSummationType: Tag { Tag(0x3004, 0x000A) }
  /// Grid Frame Offset Vector (3004,000C).
  package static var gridFrameOffsetVector: Tag { Tag(0x3004, 0x000C) }
  /// Dose Grid Scaling (3004,000E).
  package static var doseGridScaling: Tag { Tag(0x3004, 0x000E) }
  /// Tissue Heterogeneity Correction (3004,0014).
  package static var tissueHeterogeneityCorrection: Tag { Tag(0x3004, 0x0014) }
  /// DVH Sequence (3004,0050).
  package static var dvhSequence: Tag { Tag(0x3004, 0x0050) }
  /// DVH Dose Scaling (3004,0052).
  package static var dvhDoseScaling: Tag { Tag(0x3004, 0x0052) }
  /// DVH Volume Units (3004,0054).
  package static var dvhVolumeUnits: Tag { Tag(0x3004, 0x0054) }
  /// DVH Data (3004,0058).
  package static var dvhData: Tag { Tag(0x3004, 0x0058) }
  /// Structure Set Label (3006,0002).
  package static var structureSetLabel: Tag { Tag(0x3006, 0x0002) }
  /// Structure Set Name (3006,0004).
  package static var structureSetName: Tag { Tag(0x3006, 0x0004) }
  /// Structure Set Date (3006,0008).
  package static var structureSetDate: Tag { Tag(0x3006, 0x0008) }
  /// Referenced Frame of Reference Sequence (3006,0010).
  package static var referencedFrameOfReferenceSequence: Tag { Tag(0x3006, 0x0010) }
  /// RT Referenced Study Sequence (3006,0012).
  package static var rtReferencedStudySequence: Tag { Tag(0x3006, 0x0012) }
  /// RT Referenced Series Sequence (3006,0014).
  package static var rtReferencedSeriesSequence: Tag { Tag(0x3006, 0x0014) }
  /// Contour Image Sequence (3006,0016).
  package static var contourImageSequence: Tag { Tag(0x3006, 0x0016) }
  /// Structure Set ROI Sequence (3006,0020).
  package static var structureSetROISequence: Tag { Tag(0x3006, 0x0020) }
  /// ROI Number (3006,0022).
  package static var roiNumber: Tag { Tag(0x3006, 0x0022) }
  /// Referenced Frame of Reference UID (3006,0024).
  package static var referencedFrameOfReferenceUID: Tag { Tag(0x3006, 0x0024) }
  /// ROI Name (3006,0026).
  package static var roiName: Tag { Tag(0x3006, 0x0026) }
  /// ROI Description (3006,0028).
  package static var roiDescription: Tag { Tag(0x3006, 0x0028) }
  /// ROI Display Color (3006,002A).
  package static var roiDisplayColor: Tag { Tag(0x3006, 0x002A) }
  /// ROI Contour Sequence (3006,0039).
  package static var roiContourSequence: Tag { Tag(0x3006, 0x0039) }
  /// Contour Sequence (3006,0040).
  package static var contourSequence: Tag { Tag(0x3006, 0x0040) }
  /// Contour Geometric Type (3006,0042).
  package static var contourGeometricType: Tag { Tag(0x3006, 0x0042) }
  /// Number of Contour Points (3006,0046).
  package static var numberOfContourPoints: Tag { Tag(0x3006, 0x0046) }
  /// Contour Data (3006,0050).
  package static var contourData: Tag { Tag(0x3006, 0x0050) }
  /// RT ROI Observations Sequence (3006,0080).
  package static var rtroiObservationsSequence: Tag { Tag(0x3006, 0x0080) }
  /// Observation Number (3006,0082).
  package static var observationNumber: Tag { Tag(0x3006, 0x0082) }
  /// Referenced ROI Number (3006,0084).
  package static var referencedROINumber: Tag { Tag(0x3006, 0x0084) }
  /// RT ROI Identification Code Sequence (3006,0086).
  package static var rtroiIdentificationCodeSequence: Tag { Tag(0x3006, 0x0086) }
  /// RT ROI Interpreted Type (3006,00A4).
  package static var rtroiInterpretedType: Tag { Tag(0x3006, 0x00A4) }
  /// Frame of Reference Transformation Matrix (3006,00C6).
  package static var frameOfReferenceTransformationMatrix: Tag { Tag(0x3006, 0x00C6) }
  /// Treatment Session Beam Sequence (3008,0020).
  package static var treatmentSessionBeamSequence: Tag { Tag(0x3008, 0x0020) }
  /// Treatment Session Ion Beam Sequence (3008,0021).
  package static var treatmentSessionIonBeamSequence: Tag { Tag(0x3008, 0x0021) }
  /// Current Fraction Number (3008,0022).
  package static var currentFractionNumber: Tag { Tag(0x3008, 0x0022) }
  /// Treatment Control Point Date (3008,0024).
  package static var treatmentControlPointDate: Tag { Tag(0x3008, 0x0024) }
  /// Treatment Control Point Time (3008,0025).
  package static var treatmentControlPointTime: Tag { Tag(0x3008, 0x0025) }
  /// Treatment Termination Status (3008,002A).
  package static var treatmentTerminationStatus: Tag { Tag(0x3008, 0x002A) }
  /// Treatment Verification Status (3008,002C).
  package static var treatmentVerificationStatus: Tag { Tag(0x3008, 0x002C) }
  /// Referenced Treatment Record Sequence (3008,0030).
  package static var referencedTreatmentRecordSequence: Tag { Tag(0x3008, 0x0030) }
  /// Specified Primary Meterset (3008,0032).
  package static var specifiedPrimaryMeterset: Tag { Tag(0x3008, 0x0032) }
  /// Delivered Primary Meterset (3008,0036).
  package static var deliveredPrimaryMeterset: Tag { Tag(0x3008, 0x0036) }
  /// Control Point Delivery Sequence (3008,0040).
  package static var controlPointDeliverySequence: Tag { Tag(0x3008, 0x0040) }
  /// Ion Control Point Delivery Sequence (3008,0041).
  package static var ionControlPointDeliverySequence: Tag { Tag(0x3008, 0x0041) }
  /// Specified Meterset (3008,0042).
  package static var specifiedMeterset: Tag { Tag(0x3008, 0x0042) }
  /// Delivered Meterset (3008,0044).
  package static var deliveredMeterset: Tag { Tag(0x3008, 0x0044) }
  /// Scan Spot Metersets Delivered (3008,0047).
  package static var scanSpotMetersetsDelivered: Tag { Tag(0x3008, 0x0047) }
  /// Treatment Summary Calculated Dose Reference Sequence (3008,0050).
  package static var treatmentSummaryCalculatedDoseReferenceSequence: Tag { Tag(0x3008, 0x0050) }
  /// Cumulative Dose to Dose Reference (3008,0052).
  package static var cumulativeDoseToDoseReference: Tag { Tag(0x3008, 0x0052) }
  /// First Treatment Date (3008,0054).
  package static var firstTreatmentDate: Tag { Tag(0x3008, 0x0054) }
  /// Most Recent Treatment Date (3008,0056).
  package static var mostRecentTreatmentDate: Tag { Tag(0x3008, 0x0056) }
  /// Number of Fractions Delivered (3008,005A).
  package static var numberOfFractionsDelivered: Tag { Tag(0x3008, 0x005A) }
  /// Calculated Dose Reference Sequence (3008,0070).
  package static var calculatedDoseReferenceSequence: Tag { Tag(0x3008, 0x0070) }
  /// Calculated Dose Reference Dose Value (3008,0076).
  package static var calculatedDoseReferenceDoseValue: Tag { Tag(0x3008, 0x0076) }
  /// Referenced Calculated Dose Reference Sequence (3008,0090).
  package static var referencedCalculatedDoseReferenceSequence: Tag { Tag(0x3008, 0x0090) }
  /// Treatment Summary Measured Dose Reference Sequence (3008,00E0).
  package static var treatmentSummaryMeasuredDoseReferenceSequence: Tag { Tag(0x3008, 0x00E0) }
  /// Current Treatment Status (3008,0200).
  package static var currentTreatmentStatus: Tag { Tag(0x3008, 0x0200) }
  /// Treatment Status Comment (3008,0202).
  package static var treatmentStatusComment: Tag { Tag(0x3008, 0x0202) }
  /// Fraction Group Summary Sequence (3008,0220).
  package static var fractionGroupSummarySequence: Tag { Tag(0x3008, 0x0220) }
  /// Referenced Fraction Number (3008,0223).
  package static var referencedFractionNumber: Tag { Tag(0x3008, 0x0223) }
  /// Fraction Group Type (3008,0224).
  package static var fractionGroupType: Tag { Tag(0x3008, 0x0224) }
  /// Fraction Status Summary Sequence (3008,0240).
  package static var fractionStatusSummarySequence: Tag { Tag(0x3008, 0x0240) }
  /// Treatment Date (3008,0250).
  package static var treatmentDate: Tag { Tag(0x3008, 0x0250) }
  /// Treatment Time (3008,0251).
  package static var treatmentTime: Tag { Tag(0x3008, 0x0251) }
  /// RT Plan Label (300A,0002).
  package static var rtPlanLabel: Tag { Tag(0x300A, 0x0002) }
  /// RT Plan Name (300A,0003).
  package static var rtPlanName: Tag { Tag(0x300A, 0x0003) }
  /// RT Plan Description (300A,0004).
  package static var rtPlanDescription: Tag { Tag(0x300A, 0x0004) }
  /// RT Plan Date (300A,0006).
  package static var rtPlanDate: Tag { Tag(0x300A, 0x0006) }
  /// RT Plan Time (300A,0007).
  package static var rtPlanTime: Tag { Tag(0x300A, 0x0007) }
  /// Treatment Protocols (300A,0009).
  package static var treatmentProtocols: Tag { Tag(0x300A, 0x0009) }
  /// Plan Intent (300A,000A).
  package static var planIntent: Tag { Tag(0x300A, 0x000A) }
  /// Treatment Sites (300A,000B).
  package static var treatmentSites: Tag { Tag(0x300A, 0x000B) }
  /// RT Plan Geometry (300A,000C).
  package static var rtPlanGeometry: Tag { Tag(0x300A, 0x000C) }
  /// Prescription Description (300A,000E).
  package static var prescriptionDescription: Tag { Tag(0x300A, 0x000E) }
  /// Dose Reference Sequence (300A,0010).
  package static var doseReferenceSequence: Tag { Tag(0x300A, 0x0010) }
  /// Dose Reference Number (300A,0012).
  package static var doseReferenceNumber: Tag { Tag(0x300A, 0x0012) }
  /// Dose Reference UID (300A,0013).
  package static var doseReferenceUID: Tag { Tag(0x300A, 0x0013) }
  /// Dose Reference Structure Type (300A,0014).
  package static var doseReferenceStructureType: Tag { Tag(0x300A, 0x0014) }
  /// Dose Reference Description (300A,0016).
  package static var doseReferenceDescription: Tag { Tag(0x300A, 0x0016) }
  /// Nominal Prior Dose (300A,001A).
  package static var nominalPriorDose: Tag { Tag(0x300A, 0x001A) }
  /// Dose Reference Type (300A,0020).
  package static var doseReferenceType: Tag { Tag(0x300A, 0x0020) }
  /// Delivery Maximum Dose (300A,0023).
  package static var deliveryMaximumDose: Tag { Tag(0x300A, 0x0023) }
  /// Target Minimum Dose (300A,0025).
  package static var targetMinimumDose: Tag { Tag(0x300A, 0x0025) }
  /// Target Prescription Dose (300A,0026).
  package static var targetPrescriptionDose: Tag { Tag(0x300A, 0x0026) }
  /// Target Maximum Dose (300A,0027).
  package static var targetMaximumDose: Tag { Tag(0x300A, 0x0027) }
  /// RT Plan Relationship (300A,0055).
  package static var rtPlanRelationship: Tag { Tag(0x300A, 0x0055) }
  /// Fraction Group Sequence (300A,0070).
  package static var fractionGroupSequence: Tag { Tag(0x300A, 0x0070) }
  /// Fraction Group Number (300A,0071).
  package static var fractionGroupNumber: Tag { Tag(0x300A, 0x0071) }
  /// Fraction Group Description (300A,0072).
  package static var fractionGroupDescription: Tag { Tag(0x300A, 0x0072) }
  /// Number of Fractions Planned (300A,0078).
  package static var numberOfFractionsPlanned: Tag { Tag(0x300A, 0x0078) }
  /// Number of Beams (300A,0080).
  package static var numberOfBeams: Tag { Tag(0x300A, 0x0080) }
  /// Beam Dose (300A,0084).
  package static var beamDose: Tag { Tag(0x300A, 0x0084) }
  /// Beam Meterset (300A,0086).
  package static var beamMeterset: Tag { Tag(0x300A, 0x0086) }
  /// Number of Brachy Application Setups (300A,00A0).
  package static var numberOfBrachyApplicationSetups: Tag { Tag(0x300A, 0x00A0) }
  /// Beam Sequence (300A,00B0).
  package static var beamSequence: Tag { Tag(0x300A, 0x00B0) }
  /// Treatment Machine Name (300A,00B2).
  package static var treatmentMachineName: Tag { Tag(0x300A, 0x00B2) }
  /// Primary Dosimeter Unit (300A,00B3).
  package static var primaryDosimeterUnit: Tag { Tag(0x300A, 0x00B3) }
  /// RT Beam Limiting Device Type (300A,00B8).
  package static var rtBeamLimitingDeviceType: Tag { Tag(0x300A, 0x00B8) }
  /// Beam Number (300A,00C0).
  package static var beamNumber: Tag { Tag(0x300A, 0x00C0) }
  /// Beam Name (300A,00C2).
  package static var beamName: Tag { Tag(0x300A, 0x00C2) }
  /// Beam Description (300A,00C3).
  package static var beamDescription: Tag { Tag(0x300A, 0x00C3) }
  /// Beam Type (300A,00C4).
  package static var beamType: Tag { Tag(0x300A, 0x00C4) }
  /// Radiation Type (300A,00C6).
  package static var radiationType: Tag { Tag(0x300A, 0x00C6) }
  /// Treatment Delivery Type (300A,00CE).
  package static var treatmentDeliveryType: Tag { Tag(0x300A, 0x00CE) }
  /// Final Cumulative Meterset Weight (300A,010E).
  package static var finalCumulativeMetersetWeight: Tag { Tag(0x300A, 0x010E) }
  /// Number of Control Points (300A,0110).
  package static var numberOfControlPoints: Tag { Tag(0x300A, 0x0110) }
  /// Control Point Sequence (300A,0111).
  package static var controlPointSequence: Tag { Tag(0x300A, 0x0111) }
  /// Nominal Beam Energy (300A,0114).
  package static var nominalBeamEnergy: Tag { Tag(0x300A, 0x0114) }
  /// Beam Limiting Device Position Sequence (300A,011A).
  package static var beamLimitingDevicePositionSequence: Tag { Tag(0x300A, 0x011A) }
  /// Leaf/Jaw Positions (300A,011C).
  package static var leafJawPositions: Tag { Tag(0x300A, 0x011C) }
  /// Gantry Rotation Direction (300A,011F).
  package static var gantryRotationDirection: Tag { Tag(0x300A, 0x011F) }
  /// Patient Setup Sequence (300A,0180).
  package static var patientSetupSequence: Tag { Tag(0x300A, 0x0180) }
  /// Treatment Machine Sequence (300A,0206).
  package static var treatmentMachineSequence: Tag { Tag(0x300A, 0x0206) }
  /// Application Setup Sequence (300A,0230).
  package static var applicationSetupSequence: Tag { Tag(0x300A, 0x0230) }
  /// Radiation Atomic Number (300A,0304).
  package static var radiationAtomicNumber: Tag { Tag(0x300A, 0x0304) }
  /// Scan Mode (300A,0308).
  package static var scanMode: Tag { Tag(0x300A, 0x0308) }
  /// Ion Beam Sequence (300A,03A2).
  package static var ionBeamSequence: Tag { Tag(0x300A, 0x03A2) }
  /// Ion Control Point Sequence (300A,03A8).
  package static var ionControlPointSequence: Tag { Tag(0x300A, 0x03A8) }
  /// Motion Synchronization Sequence (300A,0410).
  package static var motionSynchronizationSequence: Tag { Tag(0x300A, 0x0410) }
  /// Treatment Session UID (300A,0700).
  package static var treatmentSessionUID: Tag { Tag(0x300A, 0x0700) }
  /// Referenced RT Plan Sequence (300C,0002).
  package static var referencedRTPlanSequence: Tag { Tag(0x300C, 0x0002) }
  /// Referenced Beam Sequence (300C,0004).
  package static var referencedBeamSequence: Tag { Tag(0x300C, 0x0004) }
  /// Referenced Beam Number (300C,0006).
  package static var referencedBeamNumber: Tag { Tag(0x300C, 0x0006) }
  /// Referenced Fraction Group Sequence (300C,0020).
  package static var referencedFractionGroupSequence: Tag { Tag(0x300C, 0x0020) }
  /// Referenced Fraction Group Number (300C,0022).
  package static var referencedFractionGroupNumber: Tag { Tag(0x300C, 0x0022) }
  /// Referenced Dose Reference Sequence (300C,0050).
  package static var referencedDoseReferenceSequence: Tag { Tag(0x300C, 0x0050) }
  /// Referenced Dose Reference Number (300C,0051).
  package static var referencedDoseReferenceNumber: Tag { Tag(0x300C, 0x0051) }
  /// Referenced Structure Set Sequence (300C,0060).
  package static var referencedStructureSetSequence: Tag { Tag(0x300C, 0x0060) }
  /// Referenced Dose Sequence (300C,0080).
  package static var referencedDoseSequence: Tag { Tag(0x300C, 0x0080) }
  /// Approval Status (300E,0002).
  package static var approvalStatus: Tag { Tag(0x300E, 0x0002) }
  /// Review Date (300E,0004).
  package static var reviewDate: Tag { Tag(0x300E, 0x0004) }
  /// Review Time (300E,0005).
  package static var reviewTime: Tag { Tag(0x300E, 0x0005) }
  /// Reviewer Name (300E,0008).
  package static var reviewerName: Tag { Tag(0x300E, 0x0008) }
  /// Conceptual Volume UID (3010,0006).
  package static var conceptualVolumeUID: Tag { Tag(0x3010, 0x0006) }
  /// Treatment Site (3010,0077).
  package static var treatmentSite: Tag { Tag(0x3010, 0x0077) }
  /// Treatment Site Code Sequence (3010,0078).
  package static var treatmentSiteCodeSequence: Tag { Tag(0x3010, 0x0078) }
  /// Treatment Site Modifier Code Sequence (3010,0089).
  package static var treatmentSiteModifierCodeSequence: Tag { Tag(0x3010, 0x0089) }
  /// Shared Functional Groups Sequence (5200,9229).
  package static var sharedFunctionalGroupsSequence: Tag { Tag(0x5200, 0x9229) }
  /// Per-Frame Functional Groups Sequence (5200,9230).
  package static var perFrameFunctionalGroupsSequence: Tag { Tag(0x5200, 0x9230) }
  /// Extended Offset Table (7FE0,0001).
  package static var extendedOffsetTable: Tag { Tag(0x7FE0, 0x0001) }
  /// Extended Offset Table Lengths (7FE0,0002).
  package static var extendedOffsetTableLengths: Tag { Tag(0x7FE0, 0x0002) }
  /// Float Pixel Data (7FE0,0008).
  package static var floatPixelData: Tag { Tag(0x7FE0, 0x0008) }
  /// Double Float Pixel Data (7FE0,0009).
  package static var doubleFloatPixelData: Tag { Tag(0x7FE0, 0x0009) }
  /// Pixel Data (7FE0,0010).
  package static var pixelData: Tag { Tag(0x7FE0, 0x0010) }
  /// Digital Signatures Sequence (FFFA,FFFA).
  package static var digitalSignaturesSequence: Tag { Tag(0xFFFA, 0xFFFA) }
  /// Data Set Trailing Padding (FFFC,FFFC).
  package static var dataSetTrailingPadding: Tag { Tag(0xFFFC, 0xFFFC) }
}
