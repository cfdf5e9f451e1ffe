"""The map as a good engineer makes it in Python: both cores, vectorised, compiled libraries throughout.

pipeline.py COURSE OUTPUT contourpy|opencv

Reads the CT and the dose with pydicom, resamples the dose onto the slices with SimpleITK, windows with
numpy, draws the lines and a legend, and writes a Secondary Capture for each slice. It has no checks, no
digests, no contact sheet and no review page.
"""
import os, pathlib, sys, traceback

import cv2
import numpy as np
import pydicom
import SimpleITK as sitk
from contourpy import contour_generator
from pydicom.dataset import FileDataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, SecondaryCaptureImageStorage, generate_uid

LEVELS = [(60.0, (220, 50, 32), 3), (57.0, (240, 228, 66), 2), (48.0, (0, 255, 255), 2),
          (30.0, (0, 158, 115), 2), (18.0, (204, 121, 167), 2)]
WORKERS = os.cpu_count()


def dose_image(d):
    stored = np.frombuffer(d.PixelData, "<u4").reshape(d.NumberOfFrames, d.Rows, d.Columns)
    image = sitk.GetImageFromArray(stored * np.float32(d.DoseGridScaling))
    image.SetOrigin([float(v) for v in d.ImagePositionPatient])
    offsets = d.GridFrameOffsetVector
    image.SetSpacing([float(d.PixelSpacing[1]), float(d.PixelSpacing[0]), float(offsets[1] - offsets[0])])
    return image


def resampled(dose, slices):
    first, step = slices[0], float(slices[1].ImagePositionPatient[2] - slices[0].ImagePositionPatient[2])
    return sitk.GetArrayFromImage(sitk.Resample(
        dose, (first.Columns, first.Rows, len(slices)), sitk.Transform(), sitk.sitkLinear,
        [float(v) for v in first.ImagePositionPatient],
        [float(first.PixelSpacing[1]), float(first.PixelSpacing[0]), step],
        dose.GetDirection(), 0.0, sitk.sitkFloat32))


def windowed(d):
    hounsfield = d.pixel_array.astype(np.float32) * float(d.RescaleSlope) + float(d.RescaleIntercept)
    center, width = float(d.WindowCenter), float(d.WindowWidth)
    grey = np.clip((hounsfield - (center - 0.5)) / (width - 1) + 0.5, 0, 1) * 255
    return np.repeat(grey.astype(np.uint8)[..., None], 3, axis=2)


def with_contourpy(rgb, dose):
    """Sub-pixel lines, anti-aliased, with a casing."""
    lines = [(contour_generator(z=dose, name="serial").lines(level), color, width) for level, color, width in LEVELS]
    runs = [([np.round((line * 256)).astype(np.int32) for line in found], color, width) for found, color, width in lines]
    for found, _, width in runs:
        cv2.polylines(rgb, found, False, (0, 0, 0), width + 2, cv2.LINE_AA, 8)
    for found, color, width in reversed(runs):
        cv2.polylines(rgb, found, False, color, width, cv2.LINE_AA, 8)


def with_opencv(rgb, dose):
    """The borders of pixel masks."""
    for level, color, width in reversed(LEVELS):
        found, _ = cv2.findContours((dose >= level).astype(np.uint8), cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE)
        cv2.drawContours(rgb, found, -1, color, width)


def legend(rgb):
    cv2.putText(rgb, "RT_60Gy_30Fx_02.20.2026", (8, 20), cv2.FONT_HERSHEY_SIMPLEX, 0.5, (255, 255, 255), 1, cv2.LINE_AA)
    for index, (level, color, _) in enumerate(LEVELS):
        y = 40 + 16 * index
        cv2.line(rgb, (8, y - 4), (28, y - 4), color, 2)
        cv2.putText(rgb, f"{level:g} Gy", (34, y), cv2.FONT_HERSHEY_SIMPLEX, 0.42, (255, 255, 255), 1, cv2.LINE_AA)


def write(d, rgb, number, series, path):
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = SecondaryCaptureImageStorage
    meta.MediaStorageSOPInstanceUID = generate_uid()
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    out = FileDataset("", {}, file_meta=meta, preamble=bytes(128))
    for name in ("PatientID", "PatientName", "PatientBirthDate", "PatientSex", "StudyInstanceUID", "StudyID", "StudyDate",
                 "StudyTime", "AccessionNumber", "ReferringPhysicianName", "FrameOfReferenceUID", "ImagePositionPatient",
                 "ImageOrientationPatient", "PixelSpacing"):
        if name in d:
            out[name] = d[name]
    out.SOPClassUID, out.SOPInstanceUID = meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID
    out.SeriesInstanceUID, out.Modality, out.ConversionType = series, "OT", "WSD"
    out.SeriesDescription, out.InstanceNumber = "RT_60Gy_30Fx_02.20.2026", number
    out.SamplesPerPixel, out.PhotometricInterpretation, out.PlanarConfiguration = 3, "RGB", 0
    out.Rows, out.Columns = rgb.shape[:2]
    out.BitsAllocated, out.BitsStored, out.HighBit, out.PixelRepresentation = 8, 8, 7, 0
    out.BurnedInAnnotation = "YES"
    out.PixelData = rgb.tobytes()
    out.save_as(path, enforce_file_format=True)


def main():
    source, output, kind = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), sys.argv[3]
    output.mkdir(parents=True)
    draw = {"contourpy": with_contourpy, "opencv": with_opencv}[kind]
    cv2.setNumThreads(1)
    sitk.ProcessObject.SetGlobalDefaultNumberOfThreads(WORKERS)
    series = generate_uid()
    slices = sorted((pydicom.dcmread(p, defer_size=4096) for p in source.glob("CT*")),
                    key=lambda d: float(d.ImagePositionPatient[2]))
    doses = resampled(dose_image(pydicom.dcmread(next(source.glob("RTDOSE*")))), slices)

    def work(index):
        d = slices[index]
        rgb = windowed(d)
        draw(rgb, doses[index])
        legend(rgb)
        write(d, rgb, index + 1, series, output / f"{index + 1:04d}.dcm")

    # The processes share the resampled dose: they are forked.
    children = []
    for part in range(WORKERS):
        child = os.fork()
        if not child:
            status = 1
            try:
                for index in range(part, len(slices), WORKERS):
                    work(index)
                status = 0
            except BaseException:
                traceback.print_exc()
            finally:
                os._exit(status)
        children.append(child)
    if any([os.waitpid(child, 0)[1] for child in children]):
        sys.exit("a worker failed")


main()
