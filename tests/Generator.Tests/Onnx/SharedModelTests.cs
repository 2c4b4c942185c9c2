using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using AotCompiler.Compiler;
using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using Shouldly;
using Xunit;

namespace AotCompiler.Tests.Onnx;

/// <summary>Every reference file is read, with all of its data.</summary>
public class SharedModelTests
{
    [SharedFact]
    public void Every_model_is_read()
    {
        var failures = new List<string>();
        foreach (string path in SharedData.Files(".onnx"))
        {
            Try(path, failures, () =>
            {
                OnnxModel model = OnnxReader.Read(ModelFile.Read(path).Bytes, ExternalDataSource.ForModel(path), ReaderLimits.Default);
                FunctionInliner.Inline(model).Graph.Nodes.Length.ShouldBeGreaterThanOrEqualTo(model.Graph.Nodes.Length);
                foreach (OnnxTensor tensor in model.Graph.Initializers.Where(t => t.DataType != OnnxDataType.String))
                {
                    ((long)tensor.Data.Length).ShouldBe(tensor.ByteLength);
                }
            });
        }

        failures.ShouldBeEmpty();
    }

    [SharedFact]
    public void Every_tensor_file_is_read()
    {
        var failures = new List<string>();
        int tensors = 0;
        foreach (string path in SharedData.Files(".pb").Where(IsTensor))
        {
            Try(path, failures, () =>
            {
                OnnxTensor tensor = OnnxReader.ReadTensor(File.ReadAllBytes(path));
                (tensor.DataType == OnnxDataType.String ? 0 : tensor.Data.Length).ShouldBe((int)tensor.ByteLength);
                tensors++;
            });
        }

        failures.ShouldBeEmpty();
        tensors.ShouldBeGreaterThan(100);
    }

    /// <summary>A test's input or output may also be a sequence or an optional value, which is another message.</summary>
    private static bool IsTensor(string path)
    {
        string model = Path.Combine(Path.GetDirectoryName(path)!, "..", "model.onnx");
        Match name = Regex.Match(Path.GetFileName(path), @"^(input|output)_(\d+)\.pb$");
        if (!name.Success || !File.Exists(model))
        {
            return false;
        }

        OnnxGraph graph = OnnxReader.Read(File.ReadAllBytes(model), NoExternalData.Instance, ReaderLimits.Default).Graph;
        ImmutableArray<OnnxValueInfo> values = name.Groups[1].Value == "input" ? graph.Inputs : graph.Outputs;
        int index = int.Parse(name.Groups[2].Value, CultureInfo.InvariantCulture);
        return index < values.Length && values[index].Type is OnnxTensorType;
    }

    private static void Try(string path, List<string> failures, Action action)
    {
        try
        {
            action();
        }
        catch (ModelException e)
        {
            failures.Add($"{Path.GetRelativePath(SharedData.Root!, path)}: {e.Message}");
        }
    }
}
