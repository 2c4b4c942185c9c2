using AotCompiler.Diagnostics;

namespace AotCompiler.Onnx;

/// <summary>Where a tensor's bytes lie outside the model file.</summary>
/// <param name="Location">Path relative to the model's folder, with forward slashes, as the model has it.</param>
/// <param name="Offset">First byte, not negative.</param>
/// <param name="Length">Number of bytes as declared, not negative; null when not declared.</param>
internal sealed record ExternalDataReference(string Location, long Offset, long? Length);

/// <summary>Gives the bytes of tensors that a model keeps in other files.</summary>
internal interface IExternalDataSource
{
    /// <summary>Reads exactly <paramref name="length"/> bytes at the reference's offset.</summary>
    /// <exception cref="ModelException">The file is missing, too short or not allowed.</exception>
    byte[] Read(ExternalDataReference reference, string tensorName, long length);
}

/// <summary>Refuses all external data, for models that have no folder.</summary>
internal sealed class NoExternalData : IExternalDataSource
{
    public static NoExternalData Instance { get; } = new();

    /// <inheritdoc/>
    public byte[] Read(ExternalDataReference reference, string tensorName, long length) => throw new ModelException(
        DiagnosticCodes.ExternalDataRefused,
        $"Tensor \"{tensorName}\" lies in the external file \"{reference.Location}\", but this model was not read from a folder.");
}
