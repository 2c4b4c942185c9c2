using System.Globalization;
using AotCompiler.Onnx;

namespace AotCompiler.Emission;

/// <summary>Facts about the model file that generated code repeats.</summary>
internal sealed class ModelMetadata
{
    public ModelMetadata(OnnxModel model, string sha256)
    {
        Sha256 = sha256;
        Opset = (int)model.OnnxOpset;
        Producer = string.Format(CultureInfo.InvariantCulture, "{0} {1}", model.ProducerName, model.ProducerVersion).Trim();
        GraphName = model.Graph.Name;
    }

    /// <summary>SHA-256 of the model file, lower-case hexadecimal.</summary>
    public string Sha256 { get; }

    /// <summary>Version of the <c>ai.onnx</c> operator set.</summary>
    public int Opset { get; }

    /// <summary>Program that made the model, with its version; may be empty.</summary>
    public string Producer { get; }

    public string GraphName { get; }
}
