using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Threading;
using AotCompiler.Diagnostics;
using AotCompiler.Onnx.Proto;
using Google.Protobuf;

namespace AotCompiler.Onnx;

/// <summary>The first stage: bytes of a file to an <see cref="OnnxModel"/>, or a <see cref="ModelException"/>.</summary>
internal static class OnnxReader
{
    /// <summary>The newest version of the file format that is read.</summary>
    public const long MaxIrVersion = 13;

    private static readonly Dictionary<string, long> MaxOpsets = new() { [""] = 27, ["ai.onnx.ml"] = 5 };

    /// <summary>Reads a model.</summary>
    /// <param name="bytes">The whole file. It is not referenced afterwards.</param>
    /// <param name="external">Gives data that lies in other files; asked only when a tensor's data is.</param>
    /// <param name="limits">What the file may cost.</param>
    /// <param name="cancellation">Ends the work with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="ModelException">The file is not a model, or one that cannot be read; the diagnostic says why.</exception>
    public static OnnxModel Read(
        ReadOnlyMemory<byte> bytes, IExternalDataSource external, ReaderLimits limits, CancellationToken cancellation = default)
    {
        try
        {
            CheckSize(bytes.Length, limits);
            WireScanner scan = WireScanner.Scan(bytes.Span, WireMessage.Model, limits, cancellation);
            ModelProto proto = Parse(ModelProto.Parser, bytes, scan);
            if (!proto.HasIrVersion && proto.Graph is null)
            {
                throw new ModelException(DiagnosticCodes.FileMalformed, "The file has neither an IR version nor a graph. Give the path of an ONNX model.");
            }

            CheckIrVersion(proto);
            ImmutableSortedDictionary<string, long> opsets = ReadOpsets(proto);
            var mirror = new ProtoMirror(limits, external, scan.HasUnpackedTensorData, cancellation);
            return mirror.Model(proto, opsets);
        }
        catch (ModelException e) when (e.Diagnostic.Code == DiagnosticCodes.FileMalformed)
        {
            throw Explain(e, bytes.Span, limits, cancellation);
        }
    }

    /// <summary>Reads a file that holds one tensor, such as <c>test_data_set_0/input_0.pb</c>.</summary>
    /// <exception cref="ModelException">The file is not a tensor; the diagnostic says why.</exception>
    public static OnnxTensor ReadTensor(ReadOnlyMemory<byte> bytes, ReaderLimits? limits = null)
    {
        limits ??= ReaderLimits.Default;
        CheckSize(bytes.Length, limits);
        WireScanner scan = WireScanner.Scan(bytes.Span, WireMessage.Tensor, limits, CancellationToken.None);
        TensorProto proto = Parse(TensorProto.Parser, bytes, scan);
        return new ProtoMirror(limits, NoExternalData.Instance, scan.HasUnpackedTensorData, CancellationToken.None).Tensor(proto);
    }

    /// <summary>The versions a model imports, checked against what is supported; keys as in <see cref="OnnxModel.OpsetImports"/>.</summary>
    internal static ImmutableSortedDictionary<string, long> ReadOpsets(IEnumerable<OperatorSetIdProto> imports)
    {
        var opsets = ImmutableSortedDictionary.CreateBuilder<string, long>(StringComparer.Ordinal);
        foreach (OperatorSetIdProto import in imports)
        {
            string domain = NormaliseDomain(import.Domain);
            if (MaxOpsets.TryGetValue(domain, out long newest) && (import.Version < 1 || import.Version > newest))
            {
                throw new ModelException(
                    DiagnosticCodes.VersionUnsupported,
                    $"The model imports version {import.Version} of operator set \"{(domain.Length == 0 ? "ai.onnx" : domain)}\"; " +
                    $"versions 1 to {newest} are supported. Convert the model with onnx.version_converter or export it for opset {newest}.");
            }

            // The specification: of several imports of one domain the highest version binds.
            opsets[domain] = opsets.TryGetValue(domain, out long earlier) ? Math.Max(earlier, import.Version) : import.Version;
        }

        return opsets.ToImmutable();
    }

    /// <summary>The default domain has two spellings; the empty one is kept.</summary>
    internal static string NormaliseDomain(string domain) => domain == "ai.onnx" ? "" : domain;

    private static T Parse<T>(MessageParser<T> parser, ReadOnlyMemory<byte> bytes, WireScanner scan)
        where T : class, IMessage<T>
    {
        try
        {
            // Unpacked tensor data is unknown to the schema and found again among the unknown fields.
            return parser.WithDiscardUnknownFields(!scan.HasUnpackedTensorData).ParseFrom(bytes.Span);
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new ModelException(
                DiagnosticCodes.FileMalformed,
                $"The file is not a well-formed ONNX model: {e.Message.TrimEnd('.')}. It may be damaged; get it again or export it again.");
        }
    }

    private static void CheckSize(long length, ReaderLimits limits)
    {
        if (length > limits.MaxFileBytes)
        {
            throw new ModelException(
                DiagnosticCodes.LimitExceeded,
                $"The model file has {length} bytes; at most {limits.MaxFileBytes} are supported. Keep its weights as external data.");
        }
    }

    private static void CheckIrVersion(ModelProto proto)
    {
        if (proto.IrVersion is < 1 or > MaxIrVersion)
        {
            throw new ModelException(
                DiagnosticCodes.VersionUnsupported,
                $"The model has IR version {proto.IrVersion}; versions 3 to {MaxIrVersion} are supported. Export it with an ONNX release that writes one of these.");
        }
    }

    /// <summary>Before IR version 3 a model imported nothing and meant operator set 1.</summary>
    private static ImmutableSortedDictionary<string, long> ReadOpsets(ModelProto proto)
    {
        if (proto.OpsetImport.Count > 0 && proto.IrVersion >= 3)
        {
            return ReadOpsets(proto.OpsetImport);
        }

        if (proto.OpsetImport.Count == 0 && proto.IrVersion < 3)
        {
            return ReadOpsets(new[] { new OperatorSetIdProto { Domain = "", Version = 1 } });
        }

        string state = proto.OpsetImport.Count == 0 ? "no opset_import, which this version needs" : "an opset_import, which came with version 3";
        throw new ModelException(
            DiagnosticCodes.VersionUnsupported,
            $"The model has IR version {proto.IrVersion} and {state}. Export the model again.");
    }

    private static ModelException Explain(ModelException e, ReadOnlySpan<byte> bytes, ReaderLimits limits, CancellationToken cancellation)
    {
        string? guess = ForeignFile.Recognise(bytes) ?? (IsTensor(bytes, limits, cancellation) ? "one tensor (test data), not a model" : null);
        return guess is null ? e : new ModelException(
            DiagnosticCodes.FileMalformed,
            $"The file is not an ONNX model; it seems to be {guess}. Give the path of an ONNX model.");
    }

    private static bool IsTensor(ReadOnlySpan<byte> bytes, ReaderLimits limits, CancellationToken cancellation)
    {
        try
        {
            WireScanner.Scan(bytes, WireMessage.Tensor, limits, cancellation);
            TensorProto tensor = TensorProto.Parser.ParseFrom(bytes);
            return tensor.HasDataType && (tensor.HasRawData || tensor.Dims.Count > 0);
        }
        catch (Exception e) when (e is ModelException or InvalidProtocolBufferException)
        {
            return false;
        }
    }
}
