"""Reads an Amplify Gen 1 project and makes the AWS resources that it describes."""
