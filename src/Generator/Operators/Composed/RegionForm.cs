using AotCompiler.Ir;

namespace AotCompiler.Operators.Composed;

/// <summary>How RoiAlign's regions become samples.</summary>
/// <param name="IsMax">True for the greatest of the weighted corners of all samples, false for the mean of the samples.</param>
/// <param name="IsHalfPixel">True if pixel centres are at halves; else regions have at least one pixel.</param>
/// <param name="Samples">Samples of a bin along each axis; 0 for as many as it is pixels long, rounded up.</param>
/// <param name="Scale">Factor of the regions' coordinates.</param>
internal sealed record RegionForm(bool IsMax, bool IsHalfPixel, int Samples, float Scale)
{
    /// <summary>Most samples of a bin along an axis.</summary>
    public const long MostSamples = 1 << 10;

    /// <summary>The form that a RoiAlign node, or one with its attributes, says.</summary>
    public static RegionForm Of(AttributeMap attributes, int opset) => new(
        attributes.String("mode", "avg") == "max",
        attributes.String("coordinate_transformation_mode", opset < 16 ? "output_half_pixel" : "half_pixel") == "half_pixel",
        (int)attributes.Int("sampling_ratio", 0),
        attributes.Float("spatial_scale", 1));
}
